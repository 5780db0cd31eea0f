/** What a character calls who talks with her: a name of the file, or the one that is known; pure. */

/** The file's word for who has given no name; it is none, and nobody sees it. */
export const UNNAMED = "Human";

/** Return the name that a file gives; "" where it gives none. */
export function given(value: string): string {
  return value === UNNAMED ? "" : value;
}

/**
 * Return what the file says once a name was written.
 *
 * @param before what it said
 */
export function kept(written: string, before: string): string {
  if (written.trim()) return written;
  return given(before) ? UNNAMED : before;
}

/**
 * Return what she calls them: who told a name is called so.
 *
 * @param nobody a word for who has none
 */
export function calledBy(value: string, person: string, nobody: string): string {
  return person || given(value) || nobody;
}
