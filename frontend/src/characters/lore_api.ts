/** The lorebook of a character over HTTP: docs/characters.md. All of it throws ApiError. */

import { isBetween, isFlag, isListOf, isMadeOf, isText } from "@open-llm-vtuber/shared/kept";

import { ask, inPath } from "../session/http";

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

export const isLoreEntry = isMadeOf<LoreEntry>({
  id: isText,
  keys: isListOf(isText),
  content: isText,
  enabled: isFlag,
  constant: isFlag,
});
const isLorebook = isMadeOf<Lorebook>({
  etag: isText,
  entries: isListOf(isLoreEntry),
  most_bytes: isBetween(0, Infinity),
  problems: isListOf(isText),
});

export function readLore(file: string): Promise<Lorebook> {
  return ask(`/character-lore/${inPath(file)}`, isLorebook);
}

/** Have these entries, in this order; others go. It is refused with 409 where `etag` is not the card's. */
export function saveLore(
  file: string,
  entries: readonly EntryChange[],
  etag: string,
): Promise<Lorebook> {
  const json = { entries, etag };
  return ask(`/character-lore/${inPath(file)}`, isLorebook, { method: "PUT", json });
}
