/** The stages of turns as bars on one axis of time. */

import type { TurnTimes } from "../../session/metrics.svelte";

export const STAGES = ["endpointing", "asr", "first_token", "first_audio", "playback"] as const;
export type Stage = (typeof STAGES)[number];

export interface Bar {
  readonly stage: Stage;
  readonly startMs: number;
  readonly lengthMs: number;
}

export interface Axis {
  readonly endMs: number;
  readonly ticksMs: readonly number[];
}

/** About how many parts an axis has. */
const PARTS = 4;

/** Return how long a stage took; null if the turn did not have it. */
export function lengthOf(turn: TurnTimes, stage: Stage): number | null {
  return turn[`${stage}_ms`];
}

/** Return the stages that a turn had, each beginning where the one before ended. */
export function barsOf(turn: TurnTimes): Bar[] {
  let startMs = 0;
  const bars: Bar[] = [];
  for (const stage of STAGES) {
    const lengthMs = lengthOf(turn, stage);
    if (lengthMs === null) continue;
    bars.push({ stage, startMs, lengthMs });
    startMs += lengthMs;
  }
  return bars;
}

/** Return how long a turn took until it was heard. */
export function totalOf(turn: TurnTimes): number {
  return barsOf(turn).reduce((sum, { lengthMs }) => sum + lengthMs, 0);
}

/** Return an axis on which the longest of the turns has its place, with round numbers. */
export function axisOf(turns: readonly TurnTimes[]): Axis {
  const longest = Math.max(1, ...turns.map(totalOf));
  const rough = longest / PARTS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const count = Math.ceil(longest / step);
  return {
    endMs: count * step,
    ticksMs: Array.from({ length: count + 1 }, (_, index) => index * step),
  };
}
