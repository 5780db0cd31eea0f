/** The resampler: what 16 kHz can carry stays, what it cannot is gone. */

import { expect, test } from "vitest";

import { Resampler } from "./resampler";

/** Return how many samples a second of a tone becomes, and how loud they are. */
function resampled(rate: number, frequency: number): [count: number, level: number] {
  const resampler = new Resampler(rate, 16_000);
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
