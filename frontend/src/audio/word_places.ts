/** Where the words that a voice told the times of stand in a text that is shown; pure. */

import type { SpokenWord } from "@open-llm-vtuber/shared/protocol/messages";

/** A character of the text has this time, in seconds into its sound. */
export interface Place {
  readonly at: number;
  readonly time_s: number;
}

/** So many characters may stand between two words that were told, for those that were not. */
const REACH = 60;
const JOINED = /[\p{Letter}\p{Number}\p{Mark}]/u;
const ALONE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/**
 * Return where words begin and end in `text`, in its order. What is shown need not be what is
 * spoken: numbers are read out, some words cannot be said, all may be translated. Words that are
 * not found in the text have no place.
 */
export function placesOf(text: string, words: readonly SpokenWord[]): Place[] {
  const shown = plain(text);
  const places: Place[] = [];
  let from = 0;
  for (const { text: said, start_s, end_s } of words) {
    const word = plain(said);
    const at = find(shown, word, from);
    if (at === -1) continue;
    from = at + word.length;
    places.push({ at, time_s: start_s }, { at: from, time_s: end_s });
  }
  const [first] = words;
  if (places.length && first) places.unshift({ at: 0, time_s: first.start_s });
  return places;
}

/** Return the time of a character, between the places before and after it; undefined after all. */
export function timeAt(at: number, places: readonly Place[]): number | undefined {
  const next = places.findIndex((place) => place.at > at);
  const before = places[next === -1 ? places.length - 1 : next - 1];
  if (before?.at === at) return before.time_s; // where a word ends and another begins: the latter
  const after = places[next];
  if (!after || !before) return undefined;
  const share = (at - before.at) / (after.at - before.at);
  return before.time_s + share * (after.time_s - before.time_s);
}

/** The same however it is written; as long as before, so that a place in it is one in the text. */
function plain(text: string): string {
  const lower = text.toLowerCase();
  return (lower.length === text.length ? lower : text).replaceAll("’", "'");
}

function find(text: string, word: string, from: number): number {
  if (!word) return -1;
  for (let at = text.indexOf(word, from); at !== -1; at = text.indexOf(word, at + 1)) {
    if (at - from > REACH) return -1;
    if (isCut(text, at) && isCut(text, at + word.length)) return at;
  }
  return -1;
}

/** Whether a word may begin or end there. */
function isCut(text: string, at: number): boolean {
  const [before, after] = [text[at - 1] ?? "", text[at] ?? ""];
  if (ALONE.test(before) || ALONE.test(after)) return true;
  return !(JOINED.test(before) && JOINED.test(after));
}
