/** Springs against the solutions of their equations, at any frame rate. */

import { describe, expect, test } from "vitest";

import { Follower, Spring } from "./springs";

describe("a follower", () => {
  test("arrives and never overshoots", () => {
    const follower = new Follower(10);
    let before = 0;
    for (let i = 0; i < 200; i++) {
      const now = follower.step(1, 1 / 60);
      expect(now).toBeGreaterThanOrEqual(before);
      expect(now).toBeLessThanOrEqual(1);
      before = now;
    }
    expect(before).toBeCloseTo(1, 6);
  });

  test.each([1 / 240, 1 / 60, 1 / 10, 1 / 2])("is exact at steps of %f s", (dt_s) => {
    const follower = new Follower(6);
    for (let t = 0; t < 1 - 1e-9; t += dt_s) follower.step(1, dt_s);
    expect(follower.value).toBeCloseTo(1 - (1 + 6) * Math.exp(-6), 9);
  });
});

describe("a spring", () => {
  /** x(t) of x'' = w^2 (1 - x) - 2 z w x' from rest. */
  function response(frequency_hz: number, damping: number, time_s: number): number {
    const w = 2 * Math.PI * frequency_hz;
    const swing = w * Math.sqrt(1 - damping * damping);
    const phase = Math.cos(swing * time_s) + ((damping * w) / swing) * Math.sin(swing * time_s);
    return 1 - Math.exp(-damping * w * time_s) * phase;
  }

  test.each([
    [1, 0.1],
    [2, 0.5],
    [30, 0.9],
  ])("of %f Hz and damping %f answers a push as its equation says", (frequency_hz, damping) => {
    const spring = new Spring(frequency_hz, damping);
    spring.step(1, 1 / 120); // the target is reached within one sub-step
    const begun = spring.value;
    const error: number[] = [];
    for (let i = 1; i <= 120; i++) {
      spring.step(1, 1 / 120);
      error.push(Math.abs(spring.value - response(frequency_hz, damping, (i + 1) / 120)));
    }
    expect(begun).toBeCloseTo(response(frequency_hz, damping, 1 / 120), 6);
    expect(Math.max(...error)).toBeLessThan(1e-6);
  });

  test.each([60, 30, 10, 4])("swings alike at %i frames a second", (rate) => {
    /** Deflections at 1.5, 2, 2.5 and 3 s of a spring whose target rises for half a second. */
    function swing(frames: number): number[] {
      const spring = new Spring(1.3, 0.05);
      return Array.from({ length: 3 * frames }, (_, i) => {
        return spring.step(Math.min(1, (i + 1) / frames / 0.5), 1 / frames);
      }).filter((_, i) => ((i + 1) * 2) % frames === 0 && i >= frames);
    }
    const smooth = swing(120);
    swing(rate).forEach((value, i) => expect(value).toBeCloseTo(smooth[i] ?? NaN, 2));
    expect(Math.max(...smooth) - Math.min(...smooth)).toBeGreaterThan(0.05);
  });

  test.each([0, 0.05, 0.5, 1])("of damping %f is stable under all that can happen", (damping) => {
    const spring = new Spring(60, damping);
    let seed = 1;
    for (let i = 0; i < 5000; i++) {
      seed = (seed * 16807) % 2147483647;
      spring.step(seed % 2 === 0 ? 1 : -1, (seed % 1000) / 500);
      expect(Math.abs(spring.value)).toBeLessThan(damping === 0 ? 500 : 40);
    }
  });

  test("comes to rest at its target", () => {
    const spring = new Spring(2, 0.3);
    for (let i = 0; i < 600; i++) spring.step(0.7, 1 / 60);
    expect(spring.value).toBeCloseTo(0.7, 6);
  });
});
