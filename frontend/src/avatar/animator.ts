/** Everything that moves a rig's parameters, frame by frame. Knows neither DOM nor clock. */

import type { Mouth } from "../audio/lipsync";
import { Blinking } from "./blinking";
import { Expressions } from "./expressions";
import { Gaze } from "./gaze";
import { Lips } from "./lips";
import { Motions } from "./motions";
import { Parameters } from "./parameters";
import { Physics } from "./physics";
import { Posture } from "./posture";
import type { Random } from "./random";
import type { Rig } from "./rig";
import type { Mood } from "./types";

/** The motion groups of the moods; a rig without one goes on idling. */
const MOOD_MOTIONS: Readonly<Record<Exclude<Mood, "idle">, string>> = {
  listening: "Listening",
  thinking: "Thinking",
  speaking: "Speaking",
};

export interface AnimatorOptions {
  readonly random: Random;
  /** Only blinking, small breaths, the eyes and the lips move; expressions still change. */
  readonly reducedMotion: boolean;
  readonly idleGroup: string;
  readonly defaultExpression: string | number;
}

/**
 * Composes, each frame, in this order:
 *
 * 1. the defaults of all parameters;
 * 2. motions, which overwrite: the lasting one of idling or of the mood, then what was asked for;
 * 3. posture, which adds: breath, sway, the pose of the mood, the beats of speech;
 * 4. the expression, which adds, multiplies or overwrites, as its file says;
 * 5. gaze, which adds to eyes, head and body; blinking, which multiplies how far the eyes are open;
 * 6. the lips, which take the mouth from the expression while there is a voice;
 * 7. all values are clamped to their ranges;
 * 8. physics, which follows what was made so far and overwrites its outputs.
 */
export class Animator {
  readonly parameters: Parameters;
  readonly expressions: Expressions;
  readonly motions: Motions;
  private mood: Mood = "idle";
  private mouth: (() => Mouth) | null = null;
  private readonly blinking: Blinking;
  private readonly gaze: Gaze;
  private readonly posture: Posture;
  private readonly lips: Lips;
  private readonly physics: Physics;
  private readonly at: Record<keyof typeof IDS, number>;

  constructor(
    rig: Rig,
    private readonly options: AnimatorOptions,
  ) {
    const { random, defaultExpression } = options;
    const parameters = new Parameters(rig.parameters);
    this.parameters = parameters;
    this.expressions = new Expressions(rig.expressions, parameters, defaultExpression);
    this.motions = new Motions(rig, parameters, random);
    this.blinking = new Blinking(random);
    this.gaze = new Gaze(random);
    this.posture = new Posture(random, options.reducedMotion);
    this.lips = new Lips(rig, parameters);
    this.physics = new Physics(rig.physics, parameters);
    const names = Object.keys(IDS) as (keyof typeof IDS)[];
    this.at = Object.fromEntries(
      names.map((name) => [name, parameters.index(IDS[name])]),
    ) as Record<keyof typeof IDS, number>;
    this.feel("idle");
  }

  /** Play a motion of a group; not where motion is to be reduced. */
  move(group: string, index?: number): void {
    if (!this.options.reducedMotion) this.motions.play(group, index);
  }

  feel(mood: Mood): void {
    this.mood = mood;
    if (this.options.reducedMotion) return;
    const group = mood === "idle" ? null : MOOD_MOTIONS[mood];
    const idle = this.motions.has(this.options.idleGroup) ? this.options.idleGroup : null;
    this.motions.keep(group !== null && this.motions.has(group) ? group : idle);
  }

  /** Look at a place, -1..1 right and up from the head; 0, 0 is ahead. */
  aim(x: number, y: number): void {
    this.gaze.aim(x, y);
  }

  setMouth(source: (() => Mouth) | null): void {
    this.mouth = source;
  }

  /** Go on by `dt_s` seconds; `parameters` then holds the values of this frame. */
  step(dt_s: number): void {
    const { parameters, lips } = this;
    parameters.resetAll();
    this.motions.step(dt_s);
    this.motions.apply(parameters);
    lips.step(this.mouth?.() ?? null, dt_s);
    this.posture.step(this.mood, lips.open, this.motions.lasts, dt_s);
    this.applyPosture();
    this.expressions.step(dt_s);
    this.expressions.apply(parameters);
    this.gaze.step(this.mood, dt_s);
    this.applyGaze();
    this.blinking.step(this.mood, dt_s);
    parameters.multiply(this.at.leftEye, this.blinking.open);
    parameters.multiply(this.at.rightEye, this.blinking.open);
    lips.apply(parameters);
    parameters.clampAll();
    this.physics.step(parameters, dt_s);
  }

  private applyPosture(): void {
    const { parameters, at, posture } = this;
    parameters.reset(at.breath); // a motion's breath would be a second one
    parameters.addShare(at.breath, posture.breath);
    parameters.addShare(at.headX, posture.headX);
    parameters.addShare(at.headY, posture.headY);
    parameters.addShare(at.headZ, posture.headZ);
    parameters.addShare(at.bodyX, posture.bodyX);
    parameters.addShare(at.bodyY, posture.bodyY);
    parameters.addShare(at.bodyZ, posture.bodyZ);
    parameters.addShare(at.eyeX, posture.eyeX);
    parameters.addShare(at.eyeY, posture.eyeY);
    parameters.addShare(at.leftBrow, posture.brows);
    parameters.addShare(at.rightBrow, posture.brows);
  }

  private applyGaze(): void {
    const { parameters, at, gaze } = this;
    parameters.addShare(at.eyeX, gaze.eyeX);
    parameters.addShare(at.eyeY, gaze.eyeY);
    if (this.options.reducedMotion) return;
    parameters.addShare(at.headX, 0.6 * gaze.headX);
    parameters.addShare(at.headY, 0.6 * gaze.headY);
    parameters.addShare(at.headZ, -0.15 * gaze.headX * gaze.headY);
    parameters.addShare(at.bodyX, 0.35 * gaze.headX);
  }
}

/** Live2D's standard names of what is moved here. */
const IDS = {
  headX: "ParamAngleX",
  headY: "ParamAngleY",
  headZ: "ParamAngleZ",
  bodyX: "ParamBodyAngleX",
  bodyY: "ParamBodyAngleY",
  bodyZ: "ParamBodyAngleZ",
  eyeX: "ParamEyeBallX",
  eyeY: "ParamEyeBallY",
  leftEye: "ParamEyeLOpen",
  rightEye: "ParamEyeROpen",
  leftBrow: "ParamBrowLY",
  rightBrow: "ParamBrowRY",
  breath: "ParamBreath",
} as const;
