/** Lips that follow the voice: quick to open, slower to close. */

import type { Mouth } from "../audio/lipsync";
import type { Parameters } from "./parameters";
import type { Rig } from "./rig";

/** Time constants, seconds. */
const ATTACK_S = 0.018;
const RELEASE_S = 0.045;
const SHAPE_S = 0.035;
const VOICE_RELEASE_S = 0.25;
/** While she speaks, this much of the expression's own mouth remains. */
const OWN_FORM = 0.55;
const OWN_OPEN = 0.25;
const SPREAD = 0.6;

export class Lips {
  open = 0;
  private wide = 0;
  private round = 0;
  /** How much the voice has the mouth, rather than the expression; 0..1. */
  private voice = 0;
  private readonly openIndex: number;
  private readonly formIndex: number;
  private readonly roundIndex: number;

  constructor(rig: Rig, parameters: Parameters) {
    this.openIndex = parameters.index(rig.lipSync.open);
    this.formIndex = parameters.index(rig.lipSync.form);
    this.roundIndex = parameters.index(rig.lipSync.round);
  }

  step(mouth: Mouth | null, dt_s: number): void {
    const open = mouth?.open ?? 0;
    this.open = toward(this.open, open, open > this.open ? ATTACK_S : RELEASE_S, dt_s);
    this.wide = toward(this.wide, mouth?.wide ?? 0, SHAPE_S, dt_s);
    this.round = toward(this.round, mouth?.round ?? 0, SHAPE_S, dt_s);
    const speaking = open > 0.05 ? 1 : 0;
    const time_s = speaking > this.voice ? ATTACK_S : VOICE_RELEASE_S;
    this.voice = toward(this.voice, speaking, time_s, dt_s);
  }

  apply(parameters: Parameters): void {
    const own = Math.max(0, parameters.share(this.openIndex));
    parameters.multiply(this.openIndex, 1 - this.voice);
    parameters.addShare(this.openIndex, this.voice * Math.max(this.open, own * OWN_OPEN));
    parameters.multiply(this.formIndex, 1 - this.voice * (1 - OWN_FORM));
    parameters.addShare(this.formIndex, this.voice * SPREAD * this.wide);
    parameters.multiply(this.roundIndex, 1 - this.voice);
    parameters.addShare(this.roundIndex, this.voice * this.round);
  }
}

function toward(value: number, target: number, constant_s: number, dt_s: number): number {
  return target + (value - target) * Math.exp(-dt_s / constant_s);
}
