/** Curves of motions: through their keys, smooth, and never beyond them. */

import { expect, test } from "vitest";

import { Curve } from "./curves";

const KEYS = [
  [0, 0],
  [0.5, 10],
  [0.6, 10],
  [2, -4],
  [3, 0],
] as const;

test("a curve goes through its keys and rests outside of them", () => {
  const curve = new Curve(KEYS);
  for (const [time, value] of KEYS) expect(curve.at(time)).toBeCloseTo(value, 9);
  expect([curve.at(-1), curve.at(9)]).toEqual([0, 0]);
  expect(new Curve([[1, 7]]).at(0)).toBe(7);
});

test("between two keys it never leaves their values", () => {
  const curve = new Curve(KEYS);
  for (let i = 1; i < KEYS.length; i++) {
    const [[t0, v0], [t1, v1]] = [KEYS[i - 1] ?? [0, 0], KEYS[i] ?? [0, 0]];
    for (let part = 0; part <= 1; part += 0.01) {
      const value = curve.at(t0 + part * (t1 - t0));
      expect(value).toBeGreaterThanOrEqual(Math.min(v0, v1) - 1e-9);
      expect(value).toBeLessThanOrEqual(Math.max(v0, v1) + 1e-9);
    }
  }
});

test("times may come in any order", () => {
  const [forth, back] = [new Curve(KEYS), new Curve(KEYS)];
  const times = Array.from({ length: 60 }, (_, i) => i / 20);
  const ascending = times.map((time) => forth.at(time));
  const descending = times.toReversed().map((time) => back.at(time));
  expect(descending.toReversed()).toEqual(ascending);
});

test("a loop goes on through its seam as fast as it came", () => {
  const wave = [0, 0.25, 0.5, 0.75, 1].map((t) => [t, Math.sin(2 * Math.PI * (t + 0.1))] as const);
  const keys = [...wave.slice(0, -1), [1, wave[0]?.[1] ?? 0] as const];
  const curve = new Curve(keys, 1);
  const step = 1e-4;
  const before = (curve.at(1) - curve.at(1 - step)) / step;
  const after = (curve.at(step) - curve.at(0)) / step;
  expect(before).toBeCloseTo(after, 1);
  expect(Math.abs(after)).toBeGreaterThan(1);
});
