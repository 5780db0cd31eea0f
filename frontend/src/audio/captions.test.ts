/** Captions: words come with the voice, in order, and all of them by the end. */

import { expect, test } from "vitest";

import { Captions } from "./captions";

const loud = (slices: number): number[] => Array<number>(slices).fill(1);
const silent = (slices: number): number[] => Array<number>(slices).fill(0);

function shownAt(captions: Captions, text: string, times: number[]): string[] {
  return times.map((time) => text.slice(0, captions.heardAt(time)));
}

test("nothing is heard before the sound begins", () => {
  expect(new Captions("Hello there.", loud(50), 20).heardAt(-0.01)).toBe(0);
});

test("words come one after another and whole", () => {
  const text = "One two three four.";
  const captions = new Captions(text, loud(100), 20);
  const shown = shownAt(captions, text, [0.01, 0.6, 1.1, 1.9]);
  expect(shown).toEqual(["One ", "One two ", "One two three ", "One two three four."]);
});

test("silence before and within the sound takes no words", () => {
  const text = "Wait. Now.";
  const captions = new Captions(text, [...silent(50), ...loud(20), ...silent(50), ...loud(20)], 20);
  expect(shownAt(captions, text, [0.9, 1.3, 2.3, 2.6])).toEqual([
    "Wait. ",
    "Wait. ",
    "Wait. ",
    text,
  ]);
});

test("all is heard when the sound is over, however short it was", () => {
  expect(new Captions("Long words here", loud(1), 20).heardAt(5)).toBe(15);
  expect(new Captions("No loudness is known", [], 20).heardAt(0)).toBe(20);
});

test("Chinese comes word by word, though it has no spaces", () => {
  const text = "今天天气很好。";
  const captions = new Captions(text, loud(100), 20);
  const lengths = [0.1, 0.7, 1.3, 1.99].map((time) => captions.heardAt(time));
  expect([...lengths].sort((a, b) => a - b)).toEqual(lengths);
  expect(new Set(lengths).size).toBeGreaterThan(2);
  expect(lengths.at(-1)).toBe(text.length);
});
