/** Numbers with units. */

import { describe, expect, it } from "vitest";

import { bytes, duration } from "./format";

describe("bytes", () => {
  it.each([
    [0, "0 bytes"],
    [1, "1 byte"],
    [999, "999 bytes"],
    [1000, "1 kB"],
    [1234, "1.23 kB"],
    [56_700_000, "56.7 MB"],
    [1_230_000_000, "1.23 GB"],
    [5_000_000_000_000, "5,000 GB"],
  ])("%d is %s", (count, words) => expect(bytes(count, "en")).toBe(words));
});

describe("duration", () => {
  it.each([
    [0, "0 ms"],
    [839.6, "840 ms"],
    [999.4, "999 ms"],
    [999.6, "1.00 s"],
    [1240, "1.24 s"],
  ])("%d is %s", (ms, words) => expect(duration(ms, "en").replace("\u00a0", " ")).toBe(words));
});
