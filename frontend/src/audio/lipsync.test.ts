/** The shapes of the mouth, on vowels of known formants. (Real speech: tests/e2e/test_lips.py.) */

import { describe, expect, test } from "vitest";

import { LipSync, type Mouth } from "./lipsync";
import { FORMANTS, hiss, joined, vowel, type Speaker, type Vowel } from "./testing/vowels";

const SPEAKERS = Object.keys(FORMANTS) as Speaker[];
const RATES = [16_000, 22_050, 24_000, 48_000];
const VOWELS: readonly Vowel[] = ["a", "i", "u", "e", "o"];
const VOWEL_S = 0.4;

/** The lips to a sound that is there as a whole. */
function lipsOf(samples: Float32Array, rate: number): LipSync {
  const lips = new LipSync();
  lips.append(samples, rate);
  lips.end();
  return lips;
}

/** Return the mean shape of a part of a sound. */
function mean(lips: LipSync, from_s: number, to_s: number): Mouth {
  const sum = { open: 0, wide: 0, round: 0 };
  let count = 0;
  for (let time_s = from_s; time_s < to_s; time_s += 1 / 60) {
    const mouth = lips.at(time_s);
    sum.open += mouth.open;
    sum.wide += mouth.wide;
    sum.round += mouth.round;
    count++;
  }
  return { open: sum.open / count, wide: sum.wide / count, round: sum.round / count };
}

/** Return the shapes of all vowels, said one after another. */
function shapes(speaker: Speaker, rate: number): Record<Vowel, Mouth> {
  const said = VOWELS.map((name) => vowel(speaker, name, VOWEL_S, rate));
  const lips = lipsOf(joined(...said), rate);
  const entries = VOWELS.map((name, i) => {
    return [name, mean(lips, i * VOWEL_S + 0.1, (i + 1) * VOWEL_S - 0.1)] as const;
  });
  return Object.fromEntries(entries) as Record<Vowel, Mouth>;
}

describe.each(SPEAKERS)("a %s's vowels", (speaker) => {
  test.each(RATES)("at %i Hz have their shapes", (rate) => {
    const { a, i, u, e, o } = shapes(speaker, rate);
    expect(a.open).toBeGreaterThan(0.7);
    expect(Math.max(i.open, u.open)).toBeLessThan(0.6);
    expect(a.open).toBeGreaterThan(e.open - 0.05);
    expect(e.open).toBeGreaterThan(i.open);
    expect(o.open).toBeGreaterThan(u.open - 0.05);
    expect(i.wide).toBeGreaterThan(0.6);
    expect(e.wide).toBeGreaterThan(0.2);
    expect(Math.max(i.round, e.round, a.round)).toBeLessThan(0.3);
    expect(u.round).toBeGreaterThan(0.4);
    // A child's O has the formants of a man's A, so that it is rounded only a little.
    expect(o.round).toBeGreaterThan(speaker === "child" ? 0.15 : 0.4);
    expect(o.round).toBeGreaterThan(a.round + 0.1);
    expect(Math.max(u.wide, o.wide, a.wide)).toBeLessThan(0.1);
  });
});

test("silence closes the mouth, and so does what comes before and after", () => {
  const lips = lipsOf(joined(vowel("woman", "a", 0.4, 24_000), new Float32Array(9600)), 24_000);
  expect(mean(lips, 0.1, 0.3).open).toBeGreaterThan(0.7);
  for (const time_s of [-1, 0.5, 0.7, 2]) {
    expect(lips.at(time_s)).toEqual({ open: 0, wide: 0, round: 0 });
  }
  expect(lipsOf(new Float32Array(0), 24_000).at(0).open).toBe(0);
});

test("noise of a silent room does not move the lips", () => {
  const room = hiss(1, 16_000).map((sample) => sample * 0.01);
  expect(mean(lipsOf(room, 16_000), 0, 1).open).toBe(0);
});

test("an S almost closes the teeth, however loud", () => {
  const lips = lipsOf(joined(vowel("man", "a", 0.4, 24_000), hiss(0.4, 24_000)), 24_000);
  const hissing = mean(lips, 0.5, 0.7);
  expect(hissing.open).toBeLessThan(0.2);
  expect(hissing.open).toBeGreaterThan(0.02);
  expect(hissing.round).toBe(0);
});

test("a soft voice opens the mouth as far as a loud one", () => {
  const loud = vowel("woman", "a", 0.4, 24_000);
  const soft = loud.map((sample) => sample * 0.1);
  const difference = mean(lipsOf(loud, 24_000), 0.1, 0.3).open;
  expect(mean(lipsOf(soft, 24_000), 0.1, 0.3).open).toBeCloseTo(difference, 1);
});

test("within one sound, softer is less open", () => {
  const loud = vowel("man", "a", 0.4, 24_000);
  const soft = loud.map((sample) => sample * 0.12);
  const lips = lipsOf(joined(loud, soft), 24_000);
  expect(mean(lips, 0.5, 0.7).open).toBeLessThan(0.6 * mean(lips, 0.1, 0.3).open);
});

test("from frame to frame the shape changes smoothly", () => {
  const lips = lipsOf(joined(...VOWELS.map((name) => vowel("man", name, 0.2, 24_000))), 24_000);
  let before = lips.at(0.05);
  for (let time_s = 0.052; time_s < 0.95; time_s += 0.002) {
    const now = lips.at(time_s);
    for (const key of ["open", "wide", "round"] as const) {
      expect(Math.abs(now[key] - before[key])).toBeLessThan(0.2);
    }
    before = now;
  }
});

test.each([37, 240, 3000])(
  "a sound in chunks of %i samples has the shapes it has as a whole",
  (size) => {
    const rate = 24_000;
    const sound = joined(...VOWELS.map((name) => vowel("woman", name, 0.3, rate)));
    const grown = new LipSync();
    for (let at = 0; at < sound.length; at += size)
      grown.append(sound.subarray(at, at + size), rate);
    grown.end();
    const whole = lipsOf(sound, rate);
    for (let time_s = 0; time_s < 1.5; time_s += 0.013) {
      expect(grown.at(time_s)).toEqual(whole.at(time_s));
    }
    expect(grown.loudest_db).toBe(whole.loudest_db);
  },
);

test("a sound that still grows moves the lips as far as it is there", () => {
  const rate = 24_000;
  const lips = new LipSync();
  lips.append(vowel("woman", "a", 0.25, rate), rate);
  expect(mean(lips, 0.05, 0.2).open).toBeGreaterThan(0.7);
  expect(lips.at(0.4).open).toBe(0);
  lips.append(vowel("woman", "a", 0.25, rate), rate);
  expect(mean(lips, 0.2, 0.4).open).toBeGreaterThan(0.7);
  expect(lips.loudest_db).toBeUndefined();
});

test("at its beginning a soft sound is measured by what the voice said before", () => {
  const rate = 24_000;
  const before = lipsOf(vowel("man", "a", 0.5, rate), rate);
  const soft = vowel("man", "a", 0.2, rate).map((sample) => sample * 0.12);
  const [fresh, known] = [new LipSync(), new LipSync(before.loudest_db)];
  for (const lips of [fresh, known]) lips.append(soft, rate);
  expect(mean(known, 0.05, 0.15).open).toBeLessThan(0.6 * mean(fresh, 0.05, 0.15).open);
});
