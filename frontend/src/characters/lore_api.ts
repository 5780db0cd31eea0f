/** The lorebook of a character over HTTP. */

import { asked, inPath } from "./characters_api";

/** Something that she is told where one of its keys is spoken of. */
export interface LoreEntry {
  /** Of what it says: it stays the same where others are changed. */
  readonly id: string;
  readonly keys: readonly string[];
  readonly content: string;
  readonly enabled: boolean;
  readonly constant: boolean;
}

export interface Lorebook {
  /** Tells this text of the card from others; "" without a card. */
  readonly etag: string;
  /** The last is told last, and counts most. */
  readonly entries: readonly LoreEntry[];
  /** So much UTF-8 is told at once; an entry that is longer never is. */
  readonly most_bytes: number;
  /** A line for each thing that does nothing, in the server's words. */
  readonly problems: readonly string[];
}

/** An entry at its place: one that is there, or a new one. What is not given stays. */
export type EntryChange = Partial<LoreEntry>;

export function readLore(file: string): Promise<Lorebook> {
  return asked(`/character-lore/${inPath(file)}`);
}

/** Have these entries, in this order; others go. It is refused with 409 where `etag` is not the card's. */
export function saveLore(
  file: string,
  entries: readonly EntryChange[],
  etag: string,
): Promise<Lorebook> {
  return asked(`/character-lore/${inPath(file)}`, "PUT", { entries, etag });
}
