/** The lorebook of the character that is being written: read, changed, and saved with her. */

import { isFlag, isListOf, isMadeOf, isText } from "@open-llm-vtuber/shared/kept";

import { ApiError } from "../session/http";
import { changesOf, isChanged, rebased, rowsOf, wrongRows, type Row, type RowWrong } from "./lore";
import {
  isLoreEntry,
  readLore,
  saveLore,
  type EntryChange,
  type LoreEntry,
  type Lorebook,
} from "./lore_api";

/** What is written and not saved, as a tab keeps it. */
export interface KeptLore {
  readonly etag: string;
  readonly base: readonly LoreEntry[];
  readonly rows: readonly Row[];
}

/** What a lorebook has room for that says nothing of it: bytes. */
const USUAL_BYTES = 900;

export const isKeptLore = isMadeOf<KeptLore>({
  etag: isText,
  base: isListOf(isLoreEntry),
  rows: isListOf(
    isMadeOf<Row>({
      key: isText,
      id: isText,
      words: isText,
      content: isText,
      enabled: isFlag,
      constant: isFlag,
    }),
  ),
});

export class Lore {
  /** "failed": it could not be read, and is left as it is. */
  state = $state<"loading" | "ready" | "failed">("loading");
  /** Why it could not be read; null if it could. */
  failure = $state.raw<ApiError | null>(null);
  rows = $state.raw<readonly Row[]>([]);
  mostBytes = $state(USUAL_BYTES);
  problems = $state.raw<readonly string[]>([]);
  /** By the key of a row. */
  wrong = $state.raw<Readonly<Record<string, RowWrong>>>({});
  /** Whether it turned out to be another one in the file, and both were put together. */
  isMerged = $state(false);

  #base = $state.raw<readonly LoreEntry[]>([]);
  #etag = "";
  readonly isDirty = $derived(isChanged(this.#base, this.rows));

  /** What is not saved; null where all is. */
  get kept(): KeptLore | null {
    return this.isDirty ? { etag: this.#etag, base: this.#base, rows: this.rows } : null;
  }

  /** Go on with what was not saved. */
  resume({ etag, base, rows }: KeptLore): void {
    this.#etag = etag;
    this.#base = base;
    this.rows = rows;
    this.state = "ready";
  }

  /** Read what the file has, "" for none yet; what is written here and not saved stays. */
  async open(file: string): Promise<void> {
    this.failure = null;
    if (!file) {
      this.state = "ready";
      return;
    }
    try {
      const found = await readLore(file);
      if (this.isDirty) this.#know(found);
      else this.#take(found);
      this.state = "ready";
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (this.isDirty) return; // saving it will tell
      this.failure = error;
      this.state = "failed";
    }
  }

  set(rows: readonly Row[]): void {
    this.rows = rows;
    const wrong = wrongRows(rows);
    // What was wrong is told until it is right; what is being written is not told yet.
    this.wrong = Object.fromEntries(Object.entries(wrong).filter(([key]) => key in this.wrong));
  }

  /** Return whether all rows can be saved; what is wrong is told at them. */
  check(): boolean {
    this.wrong = this.isDirty ? wrongRows(this.rows) : {};
    return Object.keys(this.wrong).length === 0;
  }

  /** What is not saved goes. */
  discard(): void {
    this.rows = rowsOf(this.#base);
    this.wrong = {};
    this.isMerged = false;
  }

  /** The character is not there any more: all that is written is new. */
  detach(): void {
    this.rows = this.rows.map((row) => ({ ...row, id: "" }));
    this.#base = [];
    this.#etag = "";
  }

  /** What saving it would send. */
  get request(): { entries: readonly EntryChange[]; etag: string } {
    return { entries: changesOf(this.#base, this.rows), etag: this.#etag };
  }

  /** Save it; return false where the file has another one meanwhile: then both are put together. */
  async save(file: string): Promise<boolean> {
    if (!this.isDirty) return true;
    try {
      const { entries, etag } = this.request;
      const keys = this.rows.map(({ key }) => key);
      this.#take(await saveLore(file, entries, etag));
      // They are the same rows as before, and who writes in one goes on.
      this.rows = this.rows.map((row, at) => ({ ...row, key: keys[at] ?? row.key }));
      return true;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 409) throw error;
      const theirs = await readLore(file);
      const rows = rebased(this.#base, this.rows, theirs.entries);
      this.#know(theirs);
      this.#etag = theirs.etag;
      this.#base = theirs.entries;
      this.rows = rows;
      this.isMerged = true;
      return false;
    }
  }

  #take(found: Lorebook): void {
    this.#know(found);
    this.#etag = found.etag;
    this.#base = found.entries;
    this.rows = rowsOf(found.entries);
    this.wrong = {};
    this.isMerged = false;
  }

  #know({ most_bytes, problems }: Lorebook): void {
    this.mostBytes = most_bytes;
    this.problems = problems;
  }
}
