/** A lorebook as it is being written: its rows, what of them is new, what is wrong; pure. */

import type { Wrong } from "./checking";
import type { EntryChange, LoreEntry } from "./lore_api";
import { charsOf } from "./sizes";

/** An entry as it is written; its words are one text, parted by commas. */
export interface Row {
  /** Tells it from the others as long as the page lasts. */
  readonly key: string;
  /** Of the entry that it was read as; "" for a new one. */
  readonly id: string;
  readonly words: string;
  readonly content: string;
  readonly enabled: boolean;
  readonly constant: boolean;
}

export type RowWrong = { readonly words?: Wrong; readonly content?: Wrong };

export const MOST_ROWS = 1000;
const MOST_WORDS = 50;
const MOST_WORD = 200;
const MOST_CONTENT = 100_000;

export function rowsOf(entries: readonly LoreEntry[]): Row[] {
  return entries.map(rowOf);
}

/** A new entry; `key` is one that no other row has. */
export function newRow(key: string): Row {
  return { key, id: "", words: "", content: "", enabled: true, constant: false };
}

/** Return the words of a row one by one; commas of Chinese part them as well. */
export function wordsIn(text: string): string[] {
  const words = text.split(/[,，、]/).map((word) => word.trim());
  return [...new Set(words.filter(Boolean))];
}

/** Return what the server is told: all rows in their order, with what differs from `base`. */
export function changesOf(base: readonly LoreEntry[], rows: readonly Row[]): EntryChange[] {
  const known = new Map(rowsOf(base).map((row) => [row.id, row]));
  return rows.map((row) => {
    const { id, content, enabled, constant } = row;
    const keys = wordsIn(row.words);
    const before = id ? known.get(id) : undefined;
    if (!before) return { keys, content, enabled, constant };
    return {
      id,
      ...(row.words !== before.words && { keys }),
      ...(content !== before.content && { content }),
      ...(enabled !== before.enabled && { enabled }),
      ...(constant !== before.constant && { constant }),
    };
  });
}

/** Return whether anything is to be saved. */
export function isChanged(base: readonly LoreEntry[], rows: readonly Row[]): boolean {
  return (
    base.length !== rows.length ||
    changesOf(base, rows).some(
      (change, at) => change.id !== base[at]?.id || Object.keys(change).length > 1,
    )
  );
}

/**
 * Put together what is written here and what was changed in the file meanwhile; both began as `base`.
 *
 * What was changed in both places is there twice: nothing of either is lost.
 */
export function rebased(
  base: readonly LoreEntry[],
  rows: readonly Row[],
  theirs: readonly LoreEntry[],
): Row[] {
  const before = new Map(rowsOf(base).map((row) => [row.id, row]));
  const there = new Set(theirs.map(({ id }) => id));
  const mine = rows.flatMap((row) => {
    const old = before.get(row.id);
    if (!old || there.has(row.id)) return [row];
    return isSame(old, row) ? [] : [{ ...row, id: "" }];
  });
  return [...mine, ...rowsOf(theirs.filter(({ id }) => !before.has(id)))];
}

/** Return what is wrong with which row, by the key of the row. */
export function wrongRows(rows: readonly Row[]): Readonly<Record<string, RowWrong>> {
  const found: Record<string, RowWrong> = {};
  for (const { key, words, content } of rows) {
    const list = wordsIn(words);
    const wrong: { words?: Wrong; content?: Wrong } = {};
    if (list.length > MOST_WORDS) wrong.words = { kind: "tooMany", most: MOST_WORDS };
    else if (list.some((word) => charsOf(word) > MOST_WORD)) {
      wrong.words = { kind: "tooLong", most: MOST_WORD };
    }
    if (!content.trim()) wrong.content = { kind: "empty" };
    else if (charsOf(content) > MOST_CONTENT) {
      wrong.content = { kind: "tooLong", most: MOST_CONTENT };
    }
    if (wrong.words || wrong.content) found[key] = wrong;
  }
  return found;
}

/** Return why she is never told an entry that is switched on; "" where she may be. */
export function neverTold(
  { words, content, enabled, constant }: Row,
  mostBytes: number,
): "" | "wordless" | "tooLong" {
  if (!enabled) return "";
  if (!constant && wordsIn(words).length === 0) return "wordless";
  return new TextEncoder().encode(content).length + 1 > mostBytes ? "tooLong" : "";
}

function rowOf({ id, keys, content, enabled, constant }: LoreEntry): Row {
  return { key: id, id, words: keys.join(", "), content, enabled, constant };
}

function isSame(one: Row, other: Row): boolean {
  return (
    one.words === other.words &&
    one.content === other.content &&
    one.enabled === other.enabled &&
    one.constant === other.constant
  );
}
