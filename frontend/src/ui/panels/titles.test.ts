import { expect, test } from "vitest";

import { wordsOf } from "../../i18n/words";
import { listed } from "../../session/testing/conversations";
import { grouped, titleOf } from "./titles";

const NOW = new Date(2026, 10, 29, 12, 0);

function headings(language: "en" | "zh"): unknown[] {
  const all = [
    listed("a", { pinned: true, timestamp: "2020-01-01T00:00:00" }),
    listed("b", { timestamp: "2026-11-29T11:00:00" }),
    listed("c", { timestamp: "2026-11-29T00:00:00" }),
    listed("d", { timestamp: "2026-11-28T23:59:59" }),
    listed("e", { timestamp: "2026-11-23T10:00:00" }),
    listed("f", { timestamp: "2025-12-24T10:00:00" }),
    listed("g", { timestamp: "" }),
  ];
  return grouped(all, NOW, wordsOf(language)).map(({ heading, conversations }) => [
    heading,
    conversations.map(({ uid }) => uid).join(""),
  ]);
}

test("conversations stand under their day, the pinned ones first", () => {
  expect(headings("en")).toEqual([
    ["Pinned", "a"],
    ["Today", "bc"],
    ["Yesterday", "d"],
    ["Monday, November 23", "e"],
    ["Wednesday, December 24, 2025", "f"],
    ["Some day", "g"],
  ]);
  expect(headings("zh")).toEqual([
    ["置顶", "a"],
    ["今天", "bc"],
    ["昨天", "d"],
    ["11月23日星期一", "e"],
    ["2025年12月24日星期三", "f"],
    ["日期不明", "g"],
  ]);
});

test("a conversation without words has a title", () => {
  expect(titleOf(listed("a", { title: "" }), wordsOf("en"))).toBe("Without words");
  expect(titleOf(listed("a", { title: "<b>x</b>" }), wordsOf("en"))).toBe("<b>x</b>");
});
