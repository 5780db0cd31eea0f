/** Where speech that was broken off begins again. */

import { expect, test } from "vitest";

import { quietPlace } from "./quiet_place";

const RATE = 1000;

/** Sound of these levels, each so many milliseconds long. */
function sound(...parts: [level: number, ms: number][]): Float32Array {
  return Float32Array.from(
    parts.flatMap(([level, ms]) => Array.from({ length: ms }, (_, n) => (n % 2 ? level : -level))),
  );
}

test("it begins behind the last quiet place", () => {
  const words = sound([0.5, 200], [0.01, 50], [0.4, 100], [0.02, 40], [0.5, 170]);
  expect(quietPlace(words, RATE)).toBe(390);
});

test("in a quiet place it goes on where it was", () => {
  expect(quietPlace(sound([0.5, 300], [0.01, 30]), RATE)).toBe(330);
  expect(quietPlace(sound([0, 300]), RATE)).toBe(300);
});

test("where nothing is quiet it begins where it is softest", () => {
  expect(quietPlace(sound([0.5, 200], [0.2, 10], [0.5, 190]), RATE)).toBe(200);
});

test("of no sound it begins at its beginning", () => {
  expect(quietPlace(new Float32Array(), RATE)).toBe(0);
});
