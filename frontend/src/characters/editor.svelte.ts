/** One character as it is being written: read, checked, saved, and put together with other changes. */

import { ApiError } from "../session/http";
import * as api from "./characters_api";
import type { Details, Fields } from "./characters_api";
import { problemsOf, type Problems } from "./checking";
import type { Draft, Drafts } from "./drafts.svelte";
import { Lore } from "./lore.svelte";
import type { Row } from "./lore";
import { changesOf, fieldOf, merged, NOTHING, type Conflict } from "./merging";
import { pngOf } from "./picture";

const BASE = "conf.yaml";
/** What a new character has of conf.yaml's. */
const TAKEN_OVER = ["human_name", "live2d_model_name", "language", "tts_model", "voice"] as const;

export class Editor {
  /** "loading", "ready", or why she cannot be shown. */
  state = $state<"loading" | "ready" | "failed">("loading");
  /** What failed, and of no field; null if nothing did. */
  failure = $state.raw<ApiError | null>(null);
  draft = $state.raw<Draft>(newDraft());
  problems = $state.raw<Problems>({});
  /** What was changed here and in the file, after it turned out to be another one; null before. */
  conflicts = $state.raw<readonly Conflict[] | null>(null);
  /** Whether the file is not there any more. */
  isGone = $state(false);
  isSaving = $state(false);
  /** Of the server: what it takes at once; null until it said so. */
  #mostBytes: number | null = null;
  /** How many KiB are written, and how many the server takes; null where it takes them. */
  tooLarge = $state.raw<{ readonly written: number; readonly most: number } | null>(null);
  readonly lore = new Lore();
  readonly isNew = $derived(this.draft.file === "");
  readonly changes = $derived(changesOf(this.draft.base, this.draft.fields));
  readonly isDirty = $derived(
    Object.keys(this.changes).length > 0 || this.draft.picture !== "" || this.lore.isDirty,
  );

  readonly #drafts: Drafts;

  /** @param file "" for a new one */
  constructor(file: string, drafts: Drafts) {
    this.#drafts = drafts;
    const kept = drafts.of(file);
    if (kept) {
      this.draft = kept;
      if (kept.lore) this.lore.resume(kept.lore);
      this.state = "ready";
    } else this.draft = { ...newDraft(), file };
  }

  get fields(): Fields {
    return this.draft.fields;
  }

  get name(): string {
    return this.fields.character_name || this.fields.conf_name;
  }

  /** Read the file, unless what was written before goes on. */
  async open(): Promise<void> {
    const { file } = this.draft;
    this.failure = null;
    try {
      if (this.state === "ready") {
        if (file) this.#mostBytes = (await api.details(file)).most_bytes;
        await this.lore.open(file);
        return;
      }
      this.state = "loading";
      const found = await api.details(file || BASE);
      if (file) this.#take(found);
      else this.#begin(found);
      this.#mostBytes = found.most_bytes;
      this.state = "ready";
      await this.lore.open(file);
    } catch (error) {
      if (this.state === "ready" && isMissing(error)) this.#vanish();
      else if (this.state === "ready") this.#fail(error);
      else {
        this.#fail(error);
        this.state = "failed";
      }
    }
  }

  set(change: Partial<Fields>): void {
    this.#put({ ...this.draft, fields: { ...this.fields, ...change } });
    const left = Object.entries(this.problems).filter(([field]) => !(field in change));
    this.problems = Object.fromEntries(left);
  }

  setLore(rows: readonly Row[]): void {
    this.lore.set(rows);
    this.#put(this.draft);
  }

  setPicture(picture: string): void {
    this.#put({ ...this.draft, picture });
  }

  /** What is not saved goes. */
  discard(): void {
    this.#drafts.drop(this.draft.file);
    this.draft = { ...this.draft, fields: this.draft.base, picture: "", lore: null };
    this.lore.discard();
    this.problems = {};
    this.conflicts = null;
    this.tooLarge = null;
  }

  /** What was discarded is written here again. */
  restore(draft: Draft): void {
    if (draft.lore) this.lore.resume(draft.lore);
    this.#put(draft);
  }

  /**
   * Save what is written; return the file, or null where it cannot be.
   *
   * @param taken the names that other characters have in the list
   */
  async save(taken: readonly string[]): Promise<string | null> {
    if (this.isSaving) return null;
    this.failure = null;
    this.problems = problemsOf(this.fields, taken, this.isNew);
    const isLoreRight = this.lore.check();
    this.tooLarge = this.#overLimit();
    if (!isLoreRight || this.tooLarge || Object.keys(this.problems).length > 0) return null;
    this.isSaving = true;
    const before = this.draft.file;
    try {
      if (!(await this.#write())) return null;
      this.#drafts.drop(before);
      this.#drafts.drop(this.draft.file);
      this.conflicts = null;
      return this.draft.file;
    } catch (error) {
      await this.#refused(error);
      return null;
    } finally {
      this.isSaving = false;
    }
  }

  /** Return whether all is written: not where the lorebook of the file is another one. */
  async #write(): Promise<boolean> {
    if (this.isNew) {
      const file = await api.create(this.given);
      // From here on she is there, whatever becomes of her picture.
      this.#drafts.drop("");
      const { picture } = this.draft;
      this.#take(await api.details(file));
      this.#put({ ...this.draft, picture });
    } else if (Object.keys(this.changes).length > 0) {
      const { file, etag, picture } = this.draft;
      this.#take(await api.change(file, this.given, etag));
      this.#put({ ...this.draft, picture });
    }
    if (this.draft.picture) {
      this.#take(await api.setPicture(this.draft.file, pngOf(this.draft.picture)));
    }
    if (!this.lore.isDirty) return true;
    const { file } = this.draft;
    if (await this.lore.save(file)) {
      this.#take(await api.details(file)); // it may name a card now
      return true;
    }
    this.#put(this.draft);
    return false;
  }

  /** Return how large a request would be that the server would not take; null where it takes it. */
  #overLimit(): Editor["tooLarge"] {
    const requests = [{ fields: this.given, etag: this.draft.etag }, this.lore.request];
    const sizes = requests.map((one) => new TextEncoder().encode(JSON.stringify(one)).length);
    const written = Math.max(...sizes);
    if (this.#mostBytes === null || written <= this.#mostBytes) return null;
    return { written: Math.ceil(written / 1024), most: Math.floor(this.#mostBytes / 1024) };
  }

  /** What is sent: what differs, but for choices that were not made. */
  get given(): Partial<Fields> {
    const { language, voice, ...others } = this.changes;
    return { ...others, ...(language && { language }), ...(voice && { voice }) };
  }

  async #refused(error: unknown): Promise<void> {
    if (error instanceof ApiError && error.status === 409) {
      try {
        this.#merge(await api.details(this.draft.file));
      } catch (again) {
        if (isMissing(again)) this.#vanish();
        else this.#fail(again);
      }
      return;
    }
    if (isMissing(error)) return this.#vanish();
    this.#fail(error);
  }

  #merge(theirs: Details): void {
    const base = fieldsOf(theirs);
    const { fields, conflicts } = merged(this.draft.base, this.fields, base);
    this.conflicts = conflicts;
    this.#put({ ...this.draft, etag: theirs.etag, base, fields });
  }

  #vanish(): void {
    this.isGone = true;
    this.lore.detach();
    this.#drafts.drop(this.draft.file);
    this.#put({ ...this.draft, file: "", etag: "", base: { ...NOTHING } });
  }

  #fail(error: unknown): void {
    if (!(error instanceof ApiError)) throw error;
    const named = error.problems.flatMap(({ path, error: text }) => {
      const field = fieldOf(path);
      return field ? [[field, { kind: "told", text }] as const] : [];
    });
    this.problems = Object.fromEntries(named);
    this.failure = named.length ? null : error;
  }

  /** She is what the server says. */
  #take(found: Details): void {
    const fields = fieldsOf(found);
    const { file, etag } = found;
    this.draft = { file, etag, base: fields, fields, picture: "", lore: this.lore.kept };
    this.#mostBytes = found.most_bytes;
    this.isGone = false;
  }

  /** A new one looks and sounds as conf.yaml's character does, until that is changed. */
  #begin(base: Details): void {
    const usual = fieldsOf(base);
    const taken = Object.fromEntries(TAKEN_OVER.map((field) => [field, usual[field]]));
    const fields: Fields = { ...NOTHING, ...taken };
    this.draft = { ...newDraft(), base: fields, fields };
  }

  #put(draft: Draft): void {
    this.draft = { ...draft, lore: this.lore.kept };
    if (this.isDirty) this.#drafts.put(this.draft);
    else this.#drafts.drop(draft.file);
  }
}

function newDraft(): Draft {
  return { file: "", etag: "", base: NOTHING, fields: NOTHING, picture: "", lore: null };
}

function fieldsOf(found: Details): Fields {
  return { ...NOTHING, ...found.fields };
}

function isMissing(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}
