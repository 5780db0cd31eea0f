/** Dates in words. */

import { describe, expect, it } from "vitest";

import { dayOf, momentOf, whenWas } from "./dates";

const NOW = new Date(2026, 10, 22, 12, 0, 0);

describe("whenWas", () => {
  it.each([
    [new Date(2026, 10, 22, 11, 59, 30), "now"],
    [new Date(2026, 10, 22, 12, 5), "now"],
    [new Date(2026, 10, 22, 11, 59), "1 minute ago"],
    [new Date(2026, 10, 22, 11, 1), "59 minutes ago"],
    [new Date(2026, 10, 22, 0, 5), "11 hours ago"],
    [new Date(2026, 10, 21, 23, 55), "yesterday"],
    [new Date(2026, 10, 21, 0, 5), "yesterday"],
    [new Date(2026, 10, 16, 12, 0), "6 days ago"],
    [new Date(2026, 10, 15, 12, 0), "November 15"],
    [new Date(2025, 10, 15, 12, 0), "November 15, 2025"],
    [new Date("no date"), ""],
  ])("%s is %s", (at, words) => expect(whenWas(at, NOW, "en")).toBe(words));

  it("speaks Chinese", () => {
    expect(whenWas(new Date(2026, 10, 21, 9, 0), NOW, "zh-CN")).toBe("昨天");
  });

  it("counts minutes over midnight", () => {
    const now = new Date(2026, 10, 22, 0, 10);
    expect(whenWas(new Date(2026, 10, 21, 23, 50), now, "en")).toBe("20 minutes ago");
  });

  it("counts days over the end of summer time", () => {
    const now = new Date(2026, 9, 26, 0, 30);
    expect(whenWas(new Date(2026, 9, 24, 23, 30), now, "en")).toBe("2 days ago");
  });
});

describe("dayOf", () => {
  it.each([
    ["2026-05-09", "en-GB", "Sat, 9 May 2026"],
    ["2026-05-09", "zh-CN", "2026年5月9日周六"],
    ["soon", "en-GB", ""],
  ])("%s in %s is %s", (day, tag, words) => expect(dayOf(day, tag)).toBe(words));
});

describe("momentOf", () => {
  it.each([
    [new Date(2026, 10, 22, 9, 5), "9:05 AM"],
    [new Date(2026, 10, 21, 9, 5), "Nov 21, 9:05 AM"],
    [new Date(2025, 10, 22, 9, 5), "Nov 22, 2025, 9:05 AM"],
    [new Date("no date"), ""],
  ])("%s is %s", (at, words) => expect(momentOf(at, NOW, "en").replace("\u202f", " ")).toBe(words));
});
