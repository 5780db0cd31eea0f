/** How much of a sentence has been heard at a moment of its sound. */

/**
 * Where a sentence is when a part of its sound has been played.
 *
 * Voices do not tell when which word is spoken, so the text is laid along the loudness: silence
 * takes no text, and punctuation takes no sound. Good to about a word.
 */
export class Captions {
  readonly #text: string;
  readonly #sliceS: number;
  /** The share of the voiced sound that is over at the end of each slice, 0 to 1. */
  readonly #spoken: Float32Array;
  /** The ends of the words in the text, and how many letters have been spoken by then. */
  readonly #words: readonly { readonly end: number; readonly letters: number }[];

  constructor(text: string, volumes: readonly number[], sliceMs: number) {
    this.#text = text;
    this.#sliceS = sliceMs / 1000;
    this.#spoken = new Float32Array(volumes.length);
    const loudest = Math.max(...volumes, 0);
    let sum = 0;
    for (const [at, volume] of volumes.entries()) {
      if (volume > loudest * VOICED) sum += 1;
      this.#spoken[at] = sum;
    }
    if (sum > 0) this.#spoken = this.#spoken.map((until) => until / sum);
    this.#words = words(text);
  }

  /** Return how many characters of the text have been heard `time` seconds into its sound. */
  heardAt(time: number): number {
    const slice = Math.floor(time / this.#sliceS);
    if (slice < 0) return 0;
    const spoken = slice >= this.#spoken.length ? 1 : (this.#spoken[slice] ?? 1);
    const letters = (this.#words.at(-1)?.letters ?? 0) * spoken;
    // A word counts once it has begun: the eye is led, not followed.
    const begun = this.#words.findIndex((word) => word.letters > letters);
    return begun === -1 || spoken >= 1 ? this.#text.length : (this.#words[begun]?.end ?? 0);
  }
}

const VOICED = 0.06;
/** What a word weighs in letters beyond its own: the time between two words. */
const BETWEEN = 1;

const SEGMENTER = new Intl.Segmenter(undefined, { granularity: "word" });

/** Words end where the next one begins, so that punctuation and spaces belong to the one before. */
function words(text: string): { end: number; letters: number }[] {
  const found: { end: number; letters: number }[] = [];
  let letters = 0;
  for (const { segment, index, isWordLike } of SEGMENTER.segment(text)) {
    const last = found.at(-1);
    if (isWordLike || !last) {
      letters += isWordLike ? [...segment].length + BETWEEN : 0;
      found.push({ end: index + segment.length, letters });
    } else last.end = index + segment.length;
  }
  return found;
}
