/** Plays motions over one another: the lasting one of her mood below, what she was asked for above. */

import { Curve, smooth } from "./curves";
import type { Parameters } from "./parameters";
import type { Random } from "./random";
import type { Motion, Rig } from "./rig";

/** A motion whose curves are ready. */
interface Prepared {
  readonly motion: Motion;
  readonly curves: readonly { readonly parameter: number; readonly curve: Curve }[];
}

/** A motion being played. */
interface Playing {
  readonly prepared: Prepared;
  readonly lasting: boolean;
  time_s: number;
  /** How long it has been fading out before its time; null while it has not been stopped. */
  stopping_s: number | null;
}

/** How often a looping motion is repeated before another of its group has its turn. */
const REPEATS = 3;
const PAUSE_S = [2, 6] as const;

export class Motions {
  /** Bottom first: lasting ones, then those that were asked for. */
  private readonly playing: Playing[] = [];
  private readonly groups: ReadonlyMap<string, readonly Prepared[]>;
  private lasting: string | null = null;
  private pause_s = 0;

  constructor(
    rig: Rig,
    parameters: Parameters,
    private readonly random: Random,
  ) {
    this.groups = new Map(
      Object.entries(rig.motions).map(([group, motions]) => [
        group,
        motions.map((motion) => ({
          motion,
          curves: motion.curves.map((one) => ({
            parameter: parameters.index(one.id),
            curve: new Curve(one.keys, motion.loop ? motion.duration_s : null),
          })),
        })),
      ]),
    );
  }

  has(group: string): boolean {
    return (this.groups.get(group)?.length ?? 0) > 0;
  }

  /** Whether a motion that was asked for is being played. */
  get busy(): boolean {
    return this.playing.some((one) => !one.lasting && one.stopping_s === null);
  }

  /** Whether motions of some group are to be played lastingly. */
  get lasts(): boolean {
    return this.lasting !== null;
  }

  /** Play a motion above all others; the one before it fades out. Unknown ones are ignored. */
  play(group: string, index?: number): void {
    const prepared = this.choose(group, index);
    if (!prepared) return;
    this.stop(false);
    this.playing.push({ prepared, lasting: false, time_s: 0, stopping_s: null });
  }

  /** Keep playing motions of a group below all others, until another group is wanted; or none. */
  keep(group: string | null): void {
    if (group === this.lasting) return;
    this.lasting = group;
    this.stop(true);
    this.pause_s = 0;
  }

  step(dt_s: number): void {
    for (const one of this.playing) {
      one.time_s += dt_s;
      if (one.stopping_s !== null) one.stopping_s += dt_s;
    }
    let kept = 0;
    for (const one of this.playing) if (!over(one)) this.playing[kept++] = one;
    this.playing.length = kept;
    this.renew(dt_s);
  }

  /** Overwrite the parameters that the motions move. */
  apply(parameters: Parameters): void {
    for (const one of this.playing) {
      const { motion, curves } = one.prepared;
      const weight = weightOf(one);
      const time_s = motion.loop ? one.time_s % motion.duration_s : one.time_s;
      for (const { parameter, curve } of curves) {
        parameters.overwrite(parameter, curve.at(time_s), weight);
      }
    }
  }

  private choose(group: string, index?: number): Prepared | undefined {
    const all = this.groups.get(group) ?? [];
    return all[index ?? Math.floor(this.random() * all.length)];
  }

  private stop(lasting: boolean): void {
    for (const one of this.playing) if (one.lasting === lasting) one.stopping_s ??= 0;
  }

  /** Begin the next lasting motion where there is none, or where it is another's turn. */
  private renew(dt_s: number): void {
    const group = this.lasting;
    if (group === null) return;
    const now = this.playing.find((one) => one.lasting && one.stopping_s === null);
    if (now) {
      const { motion } = now.prepared;
      const turn = motion.loop && now.time_s > REPEATS * motion.duration_s;
      if (!turn || (this.groups.get(group)?.length ?? 0) < 2) return;
      now.stopping_s = 0;
    } else {
      this.pause_s -= dt_s;
      if (this.pause_s > 0) return;
    }
    const prepared = this.choose(group);
    if (!prepared) return;
    const below = this.playing.findIndex((one) => !one.lasting);
    const begun = { prepared, lasting: true, time_s: 0, stopping_s: null };
    this.playing.splice(below < 0 ? this.playing.length : below, 0, begun);
    // A motion that ends by itself is followed by a rest.
    this.pause_s = PAUSE_S[0] + (PAUSE_S[1] - PAUSE_S[0]) * this.random();
  }
}

function over({ prepared: { motion }, time_s, stopping_s }: Playing): boolean {
  if (stopping_s !== null && stopping_s >= motion.fadeOut_s) return true;
  return !motion.loop && time_s >= motion.duration_s;
}

/** How much of a motion shows: it fades in, and out at its end or when it was stopped. */
function weightOf({ prepared: { motion }, time_s, stopping_s }: Playing): number {
  let weight = share(time_s, motion.fadeIn_s);
  if (!motion.loop) weight *= share(motion.duration_s - time_s, motion.fadeOut_s);
  if (stopping_s !== null) weight *= share(motion.fadeOut_s - stopping_s, motion.fadeOut_s);
  return weight;
}

function share(passed_s: number, length_s: number): number {
  return length_s > 0 ? smooth(passed_s / length_s) : 1;
}
