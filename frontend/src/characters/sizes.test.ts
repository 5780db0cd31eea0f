import { expect, test } from "vitest";

import { charsOf, tokensOf } from "./sizes";

test.each([
  ["", 0, 0],
  ["You are Ada.", 12, 3],
  ["你是小雅。", 5, 5],
  ["👩‍🚀", 3, 1],
  ["かな한글", 4, 4],
])("%j has %i characters and about %i tokens", (text, chars, tokens) => {
  expect([charsOf(text), tokensOf(text)]).toEqual([chars, tokens]);
});
