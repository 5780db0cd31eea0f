import { expect, test } from "vitest";

import { PATIENCE, patienceOf, pauseOf } from "./patience";

test("each word is a pause, and that pause is the word", () => {
  expect(PATIENCE.map((word) => patienceOf(pauseOf(word)))).toEqual([...PATIENCE]);
});

test.each([
  [null, "normal"],
  [200, "quick"],
  [649, "quick"],
  [650, "normal"],
  [999, "normal"],
  [1000, "calm"],
  [3000, "calm"],
] as const)("a pause of %s ms that was chosen before is %s", (pauseMs, word) => {
  expect(patienceOf(pauseMs)).toBe(word);
});

test("only the usual pause is left to conf.yaml", () => {
  expect(PATIENCE.filter((word) => pauseOf(word) === null)).toEqual(["normal"]);
});
