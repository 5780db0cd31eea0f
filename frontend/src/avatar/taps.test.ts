/** Which motion answers a tap. */

import { expect, test } from "vitest";

import { seeded } from "./random";
import { motionOfTap } from "./taps";

const MOTIONS = { Head: { TapHead: 3, Nod: 1 }, Body: { TapBody: 1 } };

function drawn(areas: string[], count = 4000): Record<string, number> {
  const random = seeded(5);
  const counts: Record<string, number> = {};
  for (let i = 0; i < count; i++) {
    const group = motionOfTap(areas, MOTIONS, random) ?? "none";
    counts[group] = (counts[group] ?? 0) + 1 / count;
  }
  return counts;
}

test("an area's motions are drawn by weight", () => {
  const counts = drawn(["Head"]);
  expect(counts["TapHead"]).toBeCloseTo(0.75, 1);
  expect(counts["Nod"]).toBeCloseTo(0.25, 1);
});

test("the first area that is listed counts", () => {
  expect(drawn(["Ribbon", "Body", "Head"])).toEqual({ TapBody: expect.closeTo(1, 5) });
});

test("an area that is not listed draws from all together", () => {
  const counts = drawn(["Ribbon"]);
  expect(counts["TapHead"]).toBeCloseTo(0.6, 1);
  expect(counts["TapBody"]).toBeCloseTo(0.2, 1);
});

test("no area, or no weights, no motion", () => {
  expect(drawn([])).toEqual({ none: expect.closeTo(1, 5) });
  expect(motionOfTap(["Head"], {}, seeded(1))).toBeUndefined();
  expect(motionOfTap(["Head"], { Head: { "": 1 } }, seeded(1))).toBe("");
});
