/** Captions: words come with the voice, in order, and all of them by the end. */

import { expect, test } from "vitest";

import { Captions } from "./captions";
import { Loudness, SLICE_S } from "./loudness";

const loud = (slices: number): number[] => Array<number>(slices).fill(1);
const silent = (slices: number): number[] => Array<number>(slices).fill(0);

/** The captions of a sound that is there as a whole, of 20 ms a slice. */
function captionsOf(text: string, volumes: number[]): Captions {
  const captions = new Captions(text);
  captions.append(volumes);
  captions.end();
  return captions;
}

function shownAt(captions: Captions, text: string, times: number[]): string[] {
  return times.map((time) => text.slice(0, captions.heardAt(time)));
}

test("nothing is heard before the sound begins", () => {
  expect(captionsOf("Hello there.", loud(50)).heardAt(-0.01)).toBe(0);
});

test("words come one after another and whole", () => {
  const text = "One two three four.";
  const captions = captionsOf(text, loud(100));
  const shown = shownAt(captions, text, [0.01, 0.6, 1.1, 1.9]);
  expect(shown).toEqual(["One ", "One two ", "One two three ", "One two three four."]);
});

test("silence before and within the sound takes no words", () => {
  const text = "Wait. Now.";
  const captions = captionsOf(text, [...silent(50), ...loud(20), ...silent(50), ...loud(20)]);
  expect(shownAt(captions, text, [0.9, 1.3, 2.3, 2.6])).toEqual([
    "Wait. ",
    "Wait. ",
    "Wait. ",
    text,
  ]);
});

test("all is heard when the sound is over, however short it was", () => {
  expect(captionsOf("Long words here", loud(1)).heardAt(5)).toBe(15);
  expect(captionsOf("No loudness is known", []).heardAt(0)).toBe(20);
});

test("Chinese comes word by word, though it has no spaces", () => {
  const text = "今天天气很好。";
  const captions = captionsOf(text, loud(100));
  const lengths = [0.1, 0.7, 1.3, 1.99].map((time) => captions.heardAt(time));
  expect([...lengths].sort((a, b) => a - b)).toEqual(lengths);
  expect(new Set(lengths).size).toBeGreaterThan(2);
  expect(lengths.at(-1)).toBe(text.length);
});

test("a text goes on while its sound still comes, and is never all of it", () => {
  const text = "One two three four.";
  const captions = new Captions(text);
  captions.append(loud(50));
  const early = shownAt(captions, text, [0.01, 0.6, 0.99, 5]);
  expect(early[0]).toBe("One ");
  expect(early[1]).not.toBe("One ");
  expect(text.startsWith(early[1] as string)).toBe(true);
  captions.append(loud(500));
  expect(captions.heardAt(10.99)).toBeLessThanOrEqual(text.length);
  expect(new Captions(text).heardAt(0.1)).toBeLessThan(text.length);
  captions.end();
  expect(captions.heardAt(11)).toBe(text.length);
  expect(shownAt(captions, text, [0.01, 5.6, 6])).toEqual([
    "One ",
    "One two three ",
    "One two three ",
  ]);
});

test("how fast a voice speaks is known when all of its sound is there, and tells where the next is", () => {
  const text = "One two three four.";
  const slow = new Captions(text);
  slow.append([...loud(200), ...silent(100)]);
  expect(slow.pace).toBeUndefined();
  slow.end();
  const next = new Captions(text, slow.pace);
  next.append(loud(100)); // a half of it
  expect(next.heardAt(1.99)).toBe(captionsOf(text, loud(200)).heardAt(1.99));
});

const said = (text: string, start_s: number) => ({ text, start_s, end_s: start_s + 0.1 });

test("a word is shown when the voice says it, whatever the loudness", () => {
  const text = "One two three four.";
  const captions = captionsOf(text, loud(100));
  captions.tell([said("One", 0.2), said("two", 0.3), said("three", 1.5), said("four", 1.9)]);
  expect(shownAt(captions, text, [0.19, 0.2, 0.31, 1.49, 1.5, 1.91])).toEqual([
    "",
    "One ",
    "One two ",
    "One two ",
    "One two three ",
    text,
  ]);
});

test("words are told with the sound they are in, and the text waits for those to come", () => {
  const text = "One two three four.";
  const captions = new Captions(text);
  captions.append(loud(20));
  captions.tell([said("One", 0.1), said("two", 0.3)]);
  expect(shownAt(captions, text, [0.2, 5])).toEqual(["One ", "One two "]);
  captions.append(loud(20));
  captions.tell([said("three", 0.5)]);
  captions.end();
  expect(shownAt(captions, text, [0.4, 0.79])).toEqual(["One two ", "One two three "]);
});

test("of a voice that says it in other words the loudness tells", () => {
  const text = "Good morning";
  const captions = captionsOf(text, loud(100));
  captions.tell([said("おはよう", 1.9)]);
  expect(captions.heardAt(1.9)).toBe(captionsOf(text, loud(100)).heardAt(1.9));
});

test("how loud a sound is does not depend on how it is cut", () => {
  const sound = Float32Array.from({ length: 1000 }, (_, at) => (at % 300) / 300);
  const whole = new Loudness().feed(sound, 1000);
  expect(whole).toHaveLength(1 / SLICE_S);
  const loudness = new Loudness();
  const parts = [sound.subarray(0, 7), sound.subarray(7, 555), sound.subarray(555)];
  expect(parts.flatMap((part) => loudness.feed(part, 1000))).toEqual(whole);
});
