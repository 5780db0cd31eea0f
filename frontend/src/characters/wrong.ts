/** What is wrong with a field, in the words of the page. */

import type { Wrong } from "./checking";
import type { CharacterWords } from "./words";

export function wordsOfWrong(words: CharacterWords["editor"], wrong: Wrong, tag: string): string {
  if (wrong.kind === "told") return wrong.text;
  if ("most" in wrong) return words[wrong.kind](new Intl.NumberFormat(tag).format(wrong.most));
  return words[wrong.kind];
}
