/** The times of words that are spoken, found in what is shown. */

import { expect, test } from "vitest";

import { placesOf, timeAt } from "./word_places";

/** Words that take half a second each, with as much between them. */
function spoken(...words: string[]): { text: string; start_s: number; end_s: number }[] {
  return words.map((text, at) => ({ text, start_s: at + 1, end_s: at + 1.5 }));
}

/** When each of some words of a text is spoken. */
function timesOf(text: string, said: string[], ...of: string[]): (number | undefined)[] {
  const places = placesOf(text, spoken(...said));
  return of.map((word) => timeAt(text.indexOf(word), places));
}

test("words have their own times", () => {
  expect(timesOf("One, two.", ["One", "two"], "One", "two")).toEqual([1, 2]);
});

test("capitals, apostrophes and marks make no difference", () => {
  const times = timesOf("“DON’T” — he said", ["don't", "He", "said"], "DON", "he", "said");
  expect(times).toEqual([1, 2, 3]);
});

test("a word is not found inside of another", () => {
  expect(timesOf("A theory of the sea", ["A", "theory", "of", "the", "sea"], "the sea")).toEqual([
    4,
  ]);
  expect(placesOf("lather the", spoken("the")).map(({ at }) => at)).toEqual([0, 7, 10]);
});

test("what is read out otherwise has the time between its neighbours", () => {
  const text = "Dr. Smith paid $5 then";
  const said = ["Doctor", "Smith", "paid", "five", "dollars", "then"];
  const [doctor, paid, five, then] = timesOf(text, said, "Dr", "paid", "5", "then");
  expect([doctor, paid, then]).toEqual([1, 3, 6]);
  expect(five).toBeGreaterThan(3.5);
  expect(five).toBeLessThan(6);
});

test("words without spaces have their times, however they are divided", () => {
  const text = "今天天气很好。";
  const places = placesOf(text, spoken("今天", "天气很", "好"));
  expect([0, 2, 5].map((at) => timeAt(at, places))).toEqual([1, 2, 3]);
  expect(timeAt(4, places)).toBeCloseTo(2 + 0.5 * (2 / 3));
});

test("a word that comes again is found where it comes next, and not far away", () => {
  const far = `one ${"and ".repeat(20)}two`;
  expect(timesOf(far, ["two", "one"], "one")).toEqual([2]);
  expect(timesOf("no no no", ["no", "no", "no"], "no")).toEqual([1]);
  expect(placesOf("no no no", spoken("no", "no", "no")).map(({ at }) => at)).toEqual([
    0, 0, 2, 3, 5, 6, 8,
  ]);
});

test("of what is translated, and after all that was told, nothing is known", () => {
  expect(placesOf("Good morning", spoken("おはよう"))).toEqual([]);
  expect(placesOf("Good morning", [])).toEqual([]);
  expect(timesOf("One two", ["One"], "two")).toEqual([undefined]);
});
