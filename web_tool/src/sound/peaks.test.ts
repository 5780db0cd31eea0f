/** The outline of a sound, and several channels made one. */

import { expect, it } from "vitest";

import { mono } from "./mono";
import { peaksOf, resizedPeaks } from "./peaks";

it("keeps the largest swing of each part, whichever its sign", () => {
  const samples = Float32Array.of(0, 0.5, -0.75, 0.25, 0, 0, 1, -0.5);
  expect([...peaksOf(samples, 4)]).toEqual([0.5, 0.75, 0, 1]);
});

it("has no more parts than samples", () => {
  expect([...peaksOf(Float32Array.of(-1, 0.5), 10)]).toEqual([1, 0.5]);
  expect(peaksOf(new Float32Array(), 10)).toHaveLength(0);
});

it("loses no peak when there is room for fewer, and fills more room", () => {
  const peaks = Float32Array.of(0, 1, 0, 0, 0.5, 0);
  expect([...resizedPeaks(peaks, 2)]).toEqual([1, 0.5]);
  expect(Math.max(...resizedPeaks(peaks, 4))).toBe(1);
  expect([...resizedPeaks(Float32Array.of(0.25, 1), 4)]).toEqual([0.25, 0.25, 1, 1]);
  expect([...resizedPeaks(new Float32Array(), 3)]).toEqual([0, 0, 0]);
});

it("makes the mean of channels, and leaves one alone", () => {
  const left = Float32Array.of(1, 0, -1);
  expect([...mono([left, Float32Array.of(0, 0.5, -1)])]).toEqual([0.5, 0.25, -1]);
  expect(mono([left])).toBe(left);
  expect(mono([])).toHaveLength(0);
});
