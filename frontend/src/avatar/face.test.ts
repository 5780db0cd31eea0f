/** An expression goes some time after its turn, and no sooner. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { FADE_MS, Face } from "./face";

let shown: (string | number | null)[];
let face: Face;

beforeEach(() => {
  vi.useFakeTimers();
  shown = [];
  face = new Face((expression) => shown.push(expression));
});

afterEach(() => {
  vi.useRealTimers();
});

test("the first expression of a sentence is shown, and goes after the turn", () => {
  face.sentence([3, "sad"]);
  face.sentence([]);
  vi.advanceTimersByTime(2 * FADE_MS);
  expect(shown).toEqual([3]);
  face.rest();
  vi.advanceTimersByTime(FADE_MS);
  expect(shown).toEqual([3, null]);
});

test("a turn that feels nothing does not keep the face of the one before", () => {
  face.sentence([3]);
  face.rest();
  face.sentence([]);
  vi.advanceTimersByTime(FADE_MS);
  expect(shown).toEqual([3, null]);
});

test("what the next turn feels stays until its end", () => {
  face.sentence([3]);
  face.rest();
  face.sentence(["sad"]);
  vi.advanceTimersByTime(2 * FADE_MS);
  expect(shown).toEqual([3, "sad"]);
});

test("nothing changes any more once the avatar is gone", () => {
  face.sentence([3]);
  face.rest();
  face.destroy();
  vi.advanceTimersByTime(FADE_MS);
  expect(shown).toEqual([3]);
});

test("what looks like thinking goes with the turn, by number or by name", () => {
  const emotions = { thinking: 9, joy: 1 };
  const thinker = new Face(
    (expression) => shown.push(expression),
    () => emotions,
  );
  thinker.sentence([9]);
  thinker.rest();
  expect(shown).toEqual([9, null]);
  face.sentence(["thinking"]);
  face.rest();
  expect(shown).toEqual([9, null, "thinking", null]);
  thinker.sentence([1]);
  thinker.rest();
  expect(shown.at(-1)).toBe(1);
});
