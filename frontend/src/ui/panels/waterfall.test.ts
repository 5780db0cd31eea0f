/** Bars and axes. */

import { describe, expect, it } from "vitest";

import type { TurnTimes } from "../../session/metrics.svelte";
import { axisOf, barsOf, totalOf } from "./waterfall";

const SPOKEN: TurnTimes = {
  type: "turn-metrics",
  turn: "3f2a",
  endpointing_ms: 400,
  asr_ms: 80,
  first_token_ms: 120,
  first_audio_ms: 200,
  total_ms: 800,
  playback_ms: 30,
};
const TYPED: TurnTimes = { ...SPOKEN, endpointing_ms: null, asr_ms: null, playback_ms: null };

describe("bars", () => {
  it("follow one another", () => {
    expect(barsOf(SPOKEN).map(({ stage, startMs }) => [stage, startMs])).toEqual([
      ["endpointing", 0],
      ["asr", 400],
      ["first_token", 480],
      ["first_audio", 600],
      ["playback", 800],
    ]);
    expect(totalOf(SPOKEN)).toBe(830);
  });

  it("leave out what a turn did not have", () => {
    expect(barsOf(TYPED)).toEqual([
      { stage: "first_token", startMs: 0, lengthMs: 120 },
      { stage: "first_audio", startMs: 120, lengthMs: 200 },
    ]);
  });
});

describe("axes", () => {
  it.each([
    [830, 1000, [0, 500, 1000]],
    [1000, 1000, [0, 500, 1000]],
    [400, 400, [0, 100, 200, 300, 400]],
    [3, 3, [0, 1, 2, 3]],
  ])("%d ms fit", (total, endMs, ticksMs) => {
    const turn = { ...TYPED, first_token_ms: total, first_audio_ms: 0 };
    expect(axisOf([turn, TYPED].slice(0, 1))).toEqual({ endMs, ticksMs });
  });

  it("exist without turns", () => {
    expect(axisOf([]).endMs).toBeGreaterThan(0);
  });
});
