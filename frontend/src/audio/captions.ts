/** How much of a sentence has been heard at a moment of its sound, also while that still comes. */

import type { SpokenWord } from "@open-llm-vtuber/shared/protocol/messages";

import { SLICE_S } from "./loudness";
import { anchorsOf, lettersAt, type Anchor } from "./pauses";
import { placesOf, timeAt } from "./word_places";

/**
 * Where a sentence is when a part of its sound has been played.
 *
 * Where the voice tells when which word is spoken, that is followed. Others do not tell, so the text
 * is laid along the loudness: silence takes no text, punctuation takes no sound, and a pause near a
 * mark of punctuation is that mark's. Good to about a word. Until all of the sound is there, how long
 * it will be is estimated from the text.
 */
export class Captions {
  readonly #text: string;
  readonly #pace: number;
  readonly #volumes: number[] = [];
  /** How many slices are voiced up to the end of each. */
  #voiced = new Float32Array();
  #isComplete = false;
  /** What is known when all of the sound is there. */
  #anchors: readonly Anchor[] = [];
  /** The ends of the words in the text, and how many letters have been spoken by then. */
  readonly #words: readonly Shown[];
  #told: readonly SpokenWord[] = [];
  /** When each word begins, as far as that was told; none where it is not known. */
  #starts: readonly (number | undefined)[] = [];

  /** @param pace how many letters this voice says in a slice, if that is known */
  constructor(text: string, pace = CJK.test(text) ? CJK_PACE : PACE) {
    this.#text = text;
    this.#pace = pace;
    this.#words = words(text);
  }

  /** Take how loud the next slices are. */
  append(volumes: readonly number[]): void {
    this.#volumes.push(...volumes);
    const least = this.#volumes.reduce((most, volume) => Math.max(most, volume), 0) * VOICED;
    let sum = 0;
    this.#voiced = Float32Array.from(this.#volumes, (volume) => (sum += volume > least ? 1 : 0));
  }

  /** Take when the next words are spoken. */
  tell(words: readonly SpokenWord[]): void {
    this.#told = [...this.#told, ...words];
    const places = placesOf(this.#text, this.#told);
    this.#starts = places.length ? this.#words.map(({ start }) => timeAt(start, places)) : [];
  }

  /** All of the sound is there. */
  end(): void {
    this.#isComplete = true;
    const marks = this.#words
      .filter(({ start, end }) => MARK.test(this.#text.slice(start, end)))
      .map(({ letters }) => letters)
      .filter((letters) => letters < this.#letters);
    this.#anchors = anchorsOf(this.#voiced, marks, this.#letters);
  }

  /** How many letters are said in a slice; undefined if that is not known. */
  get pace(): number | undefined {
    const slices = this.#voiced.at(-1);
    return this.#isComplete && slices && this.#letters ? this.#letters / slices : undefined;
  }

  /** Return how many characters of the text have been heard `time` seconds into its sound. */
  heardAt(time: number): number {
    if (time < 0) return 0;
    if (this.#starts.length) return this.#begunAt(time);
    const letters = this.#lettersAt(Math.floor(time / SLICE_S));
    // A word counts once it has begun: the eye is led, not followed.
    const begun = this.#words.findIndex((word) => word.letters >= letters);
    return begun === -1 ? this.#text.length : (this.#words[begun]?.end ?? 0);
  }

  /** The end of the last word that has begun; of what follows all that was told nothing is known. */
  #begunAt(time: number): number {
    const begun = this.#starts.findLastIndex((start) => start !== undefined && start <= time);
    return this.#words[begun]?.end ?? 0;
  }

  get #letters(): number {
    return this.#words.at(-1)?.letters ?? 0;
  }

  /** How many letters have been said at the end of a slice; infinitely many when all is over. */
  #lettersAt(slice: number): number {
    const known = this.#voiced.at(-1) ?? 0;
    const isOver = slice >= this.#voiced.length;
    const until = isOver ? known : (this.#voiced[slice] ?? 0);
    if (!this.#isComplete) {
      const share = until / Math.max(known, this.#letters / this.#pace);
      return this.#letters * Math.min(share, MOST);
    }
    return until === known ? Infinity : lettersAt(until, this.#anchors);
  }
}

/** Marks at which a voice may pause. */
const MARK = /[,.;:!?…—、，。；：！？]/u;
const VOICED = 0.06;
/** What a word weighs in letters beyond its own: the time between two words. */
const BETWEEN = 1;
/** Letters in a slice that is voiced: 15 a second, and 7 where a letter is a syllable. */
const PACE = 15 * SLICE_S;
const CJK_PACE = 7 * SLICE_S;
/** Of what may go on no more is taken to be over. */
const MOST = 0.95;

const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
const SEGMENTER = new Intl.Segmenter(undefined, { granularity: "word" });

interface Shown {
  readonly start: number;
  end: number;
  readonly letters: number;
}

/** Words end where the next one begins, so that punctuation and spaces belong to the one before. */
function words(text: string): Shown[] {
  const found: Shown[] = [];
  let letters = 0;
  for (const { segment, index, isWordLike } of SEGMENTER.segment(text)) {
    const last = found.at(-1);
    if (isWordLike || !last) {
      letters += isWordLike ? [...segment].length + BETWEEN : 0;
      found.push({ start: index, end: index + segment.length, letters });
    } else last.end = index + segment.length;
  }
  return found;
}
