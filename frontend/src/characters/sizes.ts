/** How long texts are for a language model; pure. */

/** A persona beyond this leaves a small model hardly any room. */
export const LONG_CHARS = 12_000;

const DENSE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/gu;
const CHARS_PER_TOKEN = 4;

/** Return how many characters a text has, as a person counts them. */
export function charsOf(text: string): number {
  return [...text].length;
}

/** Return about how many tokens it takes: a letter of Chinese or Japanese is one, else four make one. */
export function tokensOf(text: string): number {
  const dense = text.match(DENSE)?.length ?? 0;
  return Math.ceil(dense + (charsOf(text) - dense) / CHARS_PER_TOKEN);
}
