/** What a store says of a question that the server never answered: the words are the page's. */

import type { ErrorWords } from "../i18n/errors";

/** Stands where else the server's own sentence does. */
export const UNREACHABLE = "unreachable";

/** Return why something failed, as it is shown: the server's sentence, or that there was none. */
export function said(words: ErrorWords, why: string): string {
  return why === UNREACHABLE ? words.unreachable : why;
}
