/** Hits in texts. */

import { describe, expect, it } from "vitest";

import { excerpt, highlight } from "./highlight";

const marked = (text: string, query: string): string =>
  highlight(text, query)
    .map((piece) => (piece.isHit ? `[${piece.text}]` : piece.text))
    .join("");

describe("highlight", () => {
  it.each([
    ["The red fox", "RED", "The [red] fox"],
    ["aXbxc", "x", "a[X]b[x]c"],
    ["aaa", "aa", "[aa]a"],
    ["ＡＢＣ abc", "abc", "[ＡＢＣ] [abc]"],
    ["a ﬁsh", "fi", "a [ﬁ]sh"],
    ["收集旧收音机", "收音", "收集旧[收音]机"],
    ["👍 yes", "yes", "👍 [yes]"],
    ["nothing", "some", "nothing"],
    ["nothing", "  ", "nothing"],
    ["", "x", ""],
  ])("%s with %s", (text, query, expected) => expect(marked(text, query)).toBe(expected));
});

describe("excerpt", () => {
  const long = `${"a ".repeat(60)}needle${" b".repeat(60)}`;

  it("is the text itself where that is short", () => {
    expect(excerpt("  one\n two ", "two", 40)).toBe("one two");
  });

  it("begins at the beginning without a hit", () => {
    expect(excerpt(long, "", 20)).toBe(`${"a ".repeat(10)}…`);
    expect(excerpt(long, "absent", 20)).toBe(`${"a ".repeat(10)}…`);
  });

  it("shows the first hit", () => {
    expect(excerpt(long, "needle", 40)).toMatch(/^…[a ]+needle[b ]+…$/);
  });
});
