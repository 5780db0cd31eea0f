/** The resampler: what both rates can carry stays, what the lower cannot is gone. */

import { expect, test } from "vitest";

import { Resampler } from "./resampler";

/** Return how many samples a second of a tone becomes, and how loud they are. */
function resampled(rate: number, frequency: number, to = 16_000): [count: number, level: number] {
  const resampler = new Resampler(rate, to);
  const output: number[] = [];
  for (let start = 0; start < rate; start += 128) {
    const block = Float32Array.from({ length: 128 }, (_, at) =>
      Math.sin((2 * Math.PI * frequency * (start + at)) / rate),
    );
    output.push(...resampler.feed(block));
  }
  const steady = output.slice(1000, -1000);
  const power = steady.reduce((sum, x) => sum + x * x, 0) / steady.length;
  return [output.length, Math.sqrt(2 * power)];
}

for (const rate of [44_100, 48_000]) {
  test.each([100, 1000, 6000])(`at ${rate} Hz a tone of %i Hz stays as loud`, (frequency) => {
    const [count, level] = resampled(rate, frequency);
    expect(Math.abs(count - 16_000)).toBeLessThan(20);
    expect(level).toBeCloseTo(1, 1);
  });

  test.each([9000, 15_000, 20_000])(`at ${rate} Hz a tone of %i Hz is gone`, (frequency) => {
    expect(resampled(rate, frequency)[1]).toBeLessThan(0.01);
  });
}

test.each([
  [24_000, 48_000],
  [24_000, 44_100],
  [22_050, 48_000],
  [16_000, 16_000],
])("a tone at %i Hz is the same at %i Hz, and nothing beside it", (from, to) => {
  const frequency = 1000;
  const resampler = new Resampler(from, to);
  const sine = (rate: number, at: number): number =>
    Math.sin((2 * Math.PI * frequency * at) / rate);
  const output: number[] = [];
  for (let start = 0; start < from; start += 1000) {
    const length = Math.min(1000, from - start);
    output.push(
      ...resampler.feed(Float32Array.from({ length }, (_, at) => sine(from, start + at))),
    );
  }
  output.push(...resampler.feed(new Float32Array(resampler.reach + 1)));
  expect(Math.abs(output.length - to)).toBeLessThan(2 + to / from);
  const errors = output.slice(100, -100).map((x, at) => Math.abs(x - sine(to, at + 100)));
  expect(Math.max(...errors)).toBeLessThan(0.01);
});
