/** The pauses of a sentence, matched with its punctuation. */

import { expect, test } from "vitest";

import { anchorsOf, lettersAt } from "./pauses";

/** A sound: so many slices with a voice, then so many without, and so on. */
function sound(...lengths: number[]): Float32Array {
  let sum = 0;
  return Float32Array.from(
    lengths.flatMap((length, at) => Array<number>(length).fill(at % 2 ? 0 : 1)),
    (voice) => (sum += voice),
  );
}

test("a pause near where a mark must be is that of the mark", () => {
  expect(anchorsOf(sound(48, 20, 52), [40], 100)).toEqual([
    { voiced: 0, letters: 0 },
    { voiced: 48, letters: 40 },
    { voiced: 100, letters: 100 },
  ]);
});

test("neither a short pause nor one far away is", () => {
  const ends = [
    { voiced: 0, letters: 0 },
    { voiced: 100, letters: 100 },
  ];
  expect(anchorsOf(sound(48, 8, 52), [40], 100)).toEqual(ends);
  expect(anchorsOf(sound(48, 20, 52), [30], 100)).toEqual(ends);
  expect(anchorsOf(sound(0, 30, 100, 30), [1, 99], 100)).toEqual(ends); // around it
});

test("the longer of two is it, and each is that of one mark only, in their order", () => {
  expect(anchorsOf(sound(45, 10, 5, 40, 50), [45], 100)[1]).toEqual({ voiced: 50, letters: 45 });
  const both = anchorsOf(sound(45, 20, 10, 20, 45), [48, 52], 100);
  expect(both.slice(1, -1)).toEqual([
    { voiced: 45, letters: 48 },
    { voiced: 55, letters: 52 },
  ]);
  expect(anchorsOf(sound(50, 20, 50), [48, 52], 100)).toHaveLength(3);
});

test("between them letters come evenly", () => {
  const anchors = anchorsOf(sound(50, 20, 50), [40], 100);
  expect([0, 25, 50, 75, 100].map((voiced) => lettersAt(voiced, anchors))).toEqual([
    0, 20, 40, 70, 100,
  ]);
});

test("of no sound nothing is known", () => {
  expect(lettersAt(0, anchorsOf(new Float32Array(), [], 0))).toBe(0);
});
