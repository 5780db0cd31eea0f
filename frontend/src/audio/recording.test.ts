/** When somebody who speaks into the microphone is done. */

import { expect, test } from "vitest";

import { Recording } from "./recording";

const RATE = 16_000;
const FRAME = 512;

function of(...parts: readonly [seconds: number, level: number][]): Recording {
  const recording = new Recording(RATE);
  for (const [seconds, level] of parts) {
    for (let left = seconds * RATE; left > 0; left -= FRAME) {
      recording.add(new Int16Array(FRAME).fill(level * 1000).buffer, level);
    }
  }
  return recording;
}

test("nobody who is silent is done", () => {
  const silent = of([10, 0.1]);
  expect(silent.isSpoken).toBe(false);
  expect(silent.isDone).toBe(false);
  expect(silent.length_s).toBeCloseTo(10, 1);
});

test("a pause ends what was said", () => {
  expect(of([0.5, 0.1], [1, 0.7], [0.5, 0.1]).isDone).toBe(false);
  expect(of([0.5, 0.1], [1, 0.7], [1.5, 0.1]).isDone).toBe(true);
});

test("a click is no voice", () => {
  expect(of([0.5, 0.1], [0.1, 0.9], [2, 0.1]).isDone).toBe(false);
});

test("in a loud room a voice is what is louder still", () => {
  expect(of([3, 0.5]).isSpoken).toBe(false);
  expect(of([1, 0.5], [1, 0.8], [2, 0.5]).isDone).toBe(true);
});

test("zeros at the beginning do not make a room quiet", () => {
  expect(of([0.3, 0], [3, 0.4]).isSpoken).toBe(false);
});

test("what was heard is kept as it was", () => {
  const samples = of([0.032, 0.5], [0.032, 0.25]).samples();
  expect(samples).toHaveLength(2 * FRAME);
  expect(samples[0]).toBeCloseTo(500 / 32768);
  expect(samples.at(-1)).toBeCloseTo(250 / 32768);
});
