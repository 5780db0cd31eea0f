/** Puts sentences together; pure. */

const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}。！？，、…]$/u;

/** Sentences come without the space between them, but Chinese and Japanese want none. */
export function joined(before: string, after: string): string {
  const tight = !before || !after || /\s$/.test(before) || /^\s/.test(after) || CJK.test(before);
  return before + (tight ? "" : " ") + after;
}
