/** The animator: the same seed lives the same life, and each layer does what it should. */

import { describe, expect, test } from "vitest";

import type { Mouth } from "../audio/lipsync";
import { Animator } from "./animator";
import { seeded } from "./random";
import { TINY } from "./testing/tiny_rig";
import type { Mood } from "./types";

interface Given {
  seed?: number;
  reducedMotion?: boolean;
  idleGroup?: string;
  defaultExpression?: string | number;
}

function animator(given: Given = {}): Animator {
  return new Animator(TINY, {
    random: seeded(given.seed ?? 1),
    reducedMotion: given.reducedMotion ?? false,
    idleGroup: given.idleGroup ?? "Idle",
    defaultExpression: given.defaultExpression ?? 0,
  });
}

function get(one: Animator, id: string): number {
  return one.parameters.get(one.parameters.index(id));
}

/** Live for some seconds; return the values of a parameter, frame by frame. */
function live(one: Animator, time_s: number, id: string, rate = 60): number[] {
  return Array.from({ length: Math.round(time_s * rate) }, () => {
    one.step(1 / rate);
    return get(one, id);
  });
}

function span(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}

test("the same seed lives the same life, another seed another", () => {
  const lives = [3, 3, 4].map((seed) => {
    const one = animator({ seed });
    const values = live(one, 20, "ParamEyeBallX");
    one.feel("speaking");
    return [...values, ...live(one, 20, "ParamAngleX")].join();
  });
  expect(lives[0]).toBe(lives[1]);
  expect(lives[0]).not.toBe(lives[2]);
});

test("no value ever leaves its range", () => {
  const one = animator();
  one.setMouth(() => ({ open: 1, wide: 1, round: 1 }));
  one.aim(1, -1);
  one.expressions.want("joy");
  for (let i = 0; i < 3000; i++) {
    one.feel((["idle", "listening", "thinking", "speaking"] as const)[i % 4] ?? "idle");
    one.step(i % 7 === 0 ? 0.25 : 1 / 60);
    TINY.parameters.forEach(({ min, max }, index) => {
      expect(one.parameters.get(index)).toBeGreaterThanOrEqual(min);
      expect(one.parameters.get(index)).toBeLessThanOrEqual(max);
    });
  }
});

describe("blinking", () => {
  test("is irregular, and about as frequent as people's", () => {
    const eye = live(animator(), 120, "ParamEyeLOpen");
    const blinks = eye.flatMap((open, i) => {
      return open < 0.5 && (eye[i - 1] ?? 1) >= 0.5 ? [i / 60] : [];
    });
    expect(blinks.length).toBeGreaterThan(20);
    expect(blinks.length).toBeLessThan(60);
    const pauses = blinks.slice(1).map((time, i) => time - (blinks[i] ?? 0));
    expect(span(pauses)).toBeGreaterThan(1);
    expect(pauses.some((pause) => pause < 0.6)).toBe(true); // now and then she blinks twice
  });
});

describe("expressions", () => {
  test("fade in and out, each parameter in its way", () => {
    const one = animator({ reducedMotion: true });
    one.expressions.want("joy");
    one.step(0.25);
    expect(get(one, "ParamMouthForm")).toBeCloseTo(0.4, 5);
    expect(get(one, "ParamAngleY")).toBeCloseTo(-3, 5);
    one.step(0.25);
    expect(get(one, "ParamMouthForm")).toBeCloseTo(0.8, 5);
    expect(get(one, "ParamAngleY")).toBeCloseTo(-6, 5);
    expect(get(one, "ParamEyeLOpen")).toBeCloseTo(0.5, 5);
    one.expressions.want(null);
    live(one, 0.6, "ParamMouthForm");
    expect(get(one, "ParamMouthForm")).toBe(0);
  });

  test("are known by index and by name whatever its case; others change nothing", () => {
    const { expressions } = animator();
    expect([expressions.find("JOY"), expressions.find(1), expressions.find(0)]).toEqual([1, 1, 0]);
    expect([expressions.find("rage"), expressions.find(7), expressions.find(-1)]).toEqual([
      -1, -1, -1,
    ]);
    const one = animator({ reducedMotion: true, defaultExpression: "Joy" });
    one.expressions.want("rage");
    one.step(0.1);
    expect(get(one, "ParamMouthForm")).toBeCloseTo(0.8, 5);
  });
});

describe("motions", () => {
  test("what is asked for goes over idling, which is there again afterwards", () => {
    const one = animator();
    live(one, 1, "ParamAngleX");
    one.move("TapHead");
    live(one, 0.5, "ParamAngleX");
    expect(get(one, "ParamAngleX")).toBeLessThan(-14); // -20 with some sway
    expect(one.motions.busy).toBe(true);
    const after = live(one, 3, "ParamAngleX");
    expect(Math.min(...after.slice(60))).toBeGreaterThan(-6);
    expect(one.motions.busy).toBe(false);
  });

  test("they fade instead of jumping", () => {
    const one = animator();
    live(one, 1, "ParamAngleX");
    one.move("TapHead");
    const values = live(one, 2, "ParamAngleX");
    const jumps = values.slice(1).map((value, i) => Math.abs(value - (values[i] ?? 0)));
    expect(Math.max(...jumps)).toBeLessThan(4);
  });

  test("unknown groups and indices are ignored", () => {
    const one = animator();
    one.move("Dance");
    one.move("TapHead", 5);
    one.step(0.1);
    expect(one.motions.busy).toBe(false);
  });
});

describe("the lips", () => {
  const ah: Mouth = { open: 1, wide: 0, round: 0 };

  test("open quickly, close more slowly, and take the mouth from the expression", () => {
    const one = animator({ reducedMotion: true });
    one.setMouth(() => ah);
    live(one, 0.1, "ParamMouthOpenY");
    expect(get(one, "ParamMouthOpenY")).toBeGreaterThan(0.9);
    one.setMouth(null);
    live(one, 0.05, "ParamMouthOpenY");
    expect(get(one, "ParamMouthOpenY")).toBeGreaterThan(0.2);
    live(one, 1, "ParamMouthOpenY");
    expect(get(one, "ParamMouthOpenY")).toBeLessThan(0.01);
  });

  test("spread for I, round for U, and leave her some of her smile", () => {
    const one = animator({ reducedMotion: true, defaultExpression: "Joy" });
    one.setMouth(() => ({ open: 0.3, wide: 0, round: 1 }));
    live(one, 0.5, "ParamMouthForm");
    const smile = get(one, "ParamMouthForm");
    expect(get(one, "ParamMouthRound")).toBeGreaterThan(0.9);
    expect(smile).toBeGreaterThan(0.2);
    one.setMouth(() => ({ open: 0.3, wide: 1, round: 0 }));
    live(one, 0.5, "ParamMouthForm");
    expect(get(one, "ParamMouthForm")).toBeGreaterThan(smile + 0.4);
    expect(get(one, "ParamMouthRound")).toBeLessThan(0.1);
  });

  test("the source is asked once a frame", () => {
    const one = animator();
    let asked = 0;
    one.setMouth(() => {
      asked++;
      return ah;
    });
    live(one, 1, "ParamMouthOpenY");
    expect(asked).toBe(60);
  });
});

describe("gaze", () => {
  test("follows smoothly, the eyes before the head", () => {
    const one = animator({ idleGroup: "None" });
    live(one, 1, "ParamAngleX");
    const [eye, head] = [get(one, "ParamEyeBallX"), get(one, "ParamAngleX")];
    one.aim(1, 0);
    one.step(1 / 60);
    expect(get(one, "ParamEyeBallX") - eye).toBeLessThan(0.3); // no jump
    live(one, 0.2, "ParamAngleX");
    expect(get(one, "ParamEyeBallX")).toBeGreaterThan(0.7);
    expect(get(one, "ParamAngleX") - head).toBeLessThan(12);
    live(one, 2, "ParamAngleX");
    expect(get(one, "ParamAngleX") - head).toBeGreaterThan(10);
  });
});

test("a pointer that rests is no longer looked at after a while", () => {
  const one = animator({ reducedMotion: true });
  one.aim(1, 0);
  live(one, 4, "ParamEyeBallX");
  expect(get(one, "ParamEyeBallX")).toBeGreaterThan(0.6);
  live(one, 6, "ParamEyeBallX");
  expect(get(one, "ParamEyeBallX")).toBeLessThan(0.4);
});

test("hair follows the head late, and swings beyond", () => {
  const one = animator({ idleGroup: "None" });
  live(one, 2, "ParamHair");
  one.move("TapHead");
  const hair = live(one, 1, "ParamHair");
  expect(hair[6]).toBeGreaterThan(-0.1);
  expect(Math.min(...hair)).toBeLessThan(-0.34); // beyond the share of -20 in -30, times 0.5
});

test.each<Mood>(["listening", "thinking"])("%s has a pose of its own", (mood) => {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const idle = animator({ idleGroup: "None" });
  const other = animator({ idleGroup: "None" });
  other.feel(mood);
  const shift = mean(live(other, 60, "ParamAngleY")) - mean(live(idle, 60, "ParamAngleY"));
  expect(Math.abs(shift)).toBeGreaterThan(1);
});

test("with reduced motion only eyes, lips and a small breath move", () => {
  const one = animator({ reducedMotion: true });
  one.feel("speaking");
  one.aim(1, 0);
  one.move("TapHead");
  const random = seeded(7);
  one.setMouth(() => ({ open: 0.5 + 0.5 * random(), wide: 0, round: 0 }));
  const moved = new Map(TINY.parameters.map(({ id }) => [id, [] as number[]]));
  for (let i = 0; i < 1200; i++) {
    one.step(1 / 60);
    for (const [id, values] of moved) values.push(get(one, id));
  }
  const moving = [...moved].filter(([, values]) => span(values) > 0).map(([id]) => id);
  expect(moving.toSorted()).toEqual([
    "ParamBreath",
    "ParamEyeBallX",
    "ParamEyeLOpen",
    "ParamMouthOpenY",
  ]);
  expect(span(moved.get("ParamBreath") ?? [])).toBeLessThan(0.5);
});
