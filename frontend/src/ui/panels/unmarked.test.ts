import { expect, test } from "vitest";

import { unmarked } from "./unmarked";

test.each([
  ["Here is **what I found**, with `code`.", "Here is what I found, with code."],
  ["[a link](https://example.org/a_b) and ![a picture](x.png)", "a link and a picture"],
  ["# Title\n> A quote\n1. one", "Title\nA quote\n1. one"],
  ["```python\nprint(1)\n```", "\nprint(1)\n"],
  ["| a | b |\n|---|:--:|\n| 1 | 2 |", "| a | b |\n\n| 1 | 2 |"],
  ["~~gone~~ __strong__", "gone strong"],
])("%s", (text, plain) => {
  expect(unmarked(text)).toBe(plain);
});

test.each([
  "2 ** 3 ** 4",
  "snake__case",
  "a * b",
  "C# is # 1",
  "[no](a b)",
  "5 > 3",
  "--",
  "`",
  "**",
])("%s has no marks", (text) => {
  expect(unmarked(text)).toBe(text);
});

test("a long line of what only begins marks is read at once", () => {
  const text = "**a".repeat(20_000);
  expect(unmarked(`${text}\n**b**`).endsWith("\nb")).toBe(true);
});
