/** Tags: what the model knows is taken out, all other brackets stay. */

import { expect, test } from "vitest";

import { withoutTags } from "./tags";

const EMOTIONS = { joy: 1, Anger: 4 };

test.each([
  ["[joy] Hello there.", "Hello there."],
  ["Well, [ANGER] no! [joy]", "Well, no! "],
  ["See [1] and [sic].", "See [1] and [sic]."],
  ["[joy], 你好", "你好"],
  ["It looks delicious [joy].", "It looks delicious."],
  ["Take an egg, [joy]. Boil it [sic].", "Take an egg. Boil it [sic]."],
  ["好吃[joy]！", "好吃！"],
])("%s", (text, shown) => {
  expect(withoutTags(text, EMOTIONS)).toBe(shown);
});
