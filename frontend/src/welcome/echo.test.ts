/** How an echo is told from silence, noise and somebody else's words. */

import { expect, test } from "vitest";

import { judge, loudnessOf } from "./echo";

const RATE = 16_000;

/** Numbers in 0..1 that are always the same. */
function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

/** Something like speech: noise in syllables of their own loudness, with pauses between words. */
function speech(seconds: number, seed: number): Float32Array {
  const next = random(seed);
  const samples = new Float32Array(seconds * RATE);
  for (let at = 0; at < samples.length;) {
    const length = Math.round((0.08 + 0.2 * next()) * RATE);
    const gain = next() < 0.25 ? 0 : 0.05 + 0.4 * next();
    for (let end = Math.min(at + length, samples.length); at < end; at += 1) {
      samples[at] = gain * (2 * next() - 1);
    }
  }
  return samples;
}

function noise(seconds: number, gain: number, seed = 5): Float32Array {
  const next = random(seed);
  return Float32Array.from({ length: seconds * RATE }, () => gain * (2 * next() - 1));
}

/** What a microphone hears of several things. */
function mixed(...parts: readonly [samples: Float32Array, gain: number, lateS: number][]) {
  const heard = new Float32Array(6 * RATE);
  for (const [samples, gain, lateS] of parts) {
    const late = Math.round(lateS * RATE);
    for (let at = 0; at < samples.length && at + late < heard.length; at += 1) {
      heard[at + late] = (heard[at + late] ?? 0) + gain * (samples[at] ?? 0);
    }
  }
  return heard;
}

const LINE = speech(4, 11);
const PLAYED = loudnessOf(LINE, RATE);

function verdict(heard: Float32Array, room = 0.001) {
  return judge(PLAYED, loudnessOf(noise(1, room, 9), RATE), loudnessOf(heard, RATE));
}

test("a quiet room gives nothing back", () => {
  expect(verdict(mixed([noise(6, 0.001), 1, 0]))).toEqual({ verdict: "none", level_db: null });
});

test.each([0, 0.04, 0.25, 1])("what comes back %d s later is an echo", (late) => {
  const { verdict: found, level_db } = verdict(mixed([LINE, 0.3, late], [noise(6, 0.001), 1, 0]));
  expect(found).toBe("much");
  expect(level_db).toBeGreaterThan(-48);
});

test("what is left behind an echo canceller is little", () => {
  expect(verdict(mixed([LINE, 0.012, 0.1], [noise(6, 0.001), 1, 0])).verdict).toBe("little");
});

test.each([1, 2, 5])("somebody who talks for %d s meanwhile is no echo", (length) => {
  for (const seed of [7, 77, 777, 7777, 77777]) {
    const heard = mixed([speech(length, seed), 0.4, 0.2], [noise(6, 0.001), 1, 0]);
    expect(verdict(heard).verdict).toBe("none");
  }
});

test("in a loud room it cannot be told", () => {
  expect(verdict(mixed([noise(6, 0.1), 1, 0]), 0.1).verdict).toBe("noisy");
});

test("a microphone that gives zeros hears nothing", () => {
  const silent = loudnessOf(new Float32Array(RATE), RATE);
  expect(judge(PLAYED, silent, silent).verdict).toBe("unheard");
});

test("what is too short tells of no echo", () => {
  expect(judge([], [], []).verdict).toBe("unheard");
  expect(judge(PLAYED, [-60], [-20]).verdict).toBe("none");
});
