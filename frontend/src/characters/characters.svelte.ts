/** What is done with whole characters: copied, deleted, had back; and which changes are unsaved. */

import { ApiError, whyOf } from "../session/http";
import { offerCause } from "../session/library.svelte";
import type { Page } from "../session/page.svelte";
import * as api from "./characters_api";
import type { DeletedCharacter } from "./characters_api";
import { Drafts } from "./drafts.svelte";
import { wordsOf } from "./words";

/** A character as the list names it. */
export interface Named {
  readonly filename: string;
  readonly name: string;
}

export class Characters {
  /** Those that can be had back, the latest first. */
  deleted = $state.raw<readonly DeletedCharacter[]>([]);
  /** The file of the one that something is being done with; "" for none. */
  busy = $state("");
  readonly drafts = new Drafts();

  readonly #page: Page;
  /** Counts how often it was asked what there is: an earlier answer that comes late is none. */
  #asked = 0;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Ask what there is now. */
  async refresh(): Promise<void> {
    this.#page.library.refreshCharacters();
    const asked = (this.#asked += 1);
    await this.#told(async () => {
      const deleted = await api.deleted();
      if (asked === this.#asked) this.deleted = deleted;
    });
  }

  /** Copy one with all that is written of it; return the file of the copy, or null. */
  async copy({ filename }: Named): Promise<string | null> {
    const made = await this.#doing(filename, () => api.create({}, filename));
    if (made !== null) this.#page.notices.add(this.#words.copied(made));
    return made;
  }

  /** Delete one, with a notice that has her back. */
  async remove({ filename, name }: Named): Promise<boolean> {
    const id = await this.#doing(filename, () => api.remove(filename));
    if (id === null) return false;
    this.drafts.drop(filename);
    this.#page.notices.removeOf(offerCause(filename));
    this.#page.library.drop(filename);
    this.#page.notices.add(this.#words.deleted(name), {
      action: {
        label: this.#page.words.panels.undo,
        run: () => void this.restore({ id, file: filename, name }),
      },
    });
    return true;
  }

  /** Have a deleted one back; return whether she is. */
  async restore({ id, file, name }: DeletedCharacter): Promise<boolean> {
    const restored = await this.#doing(file, () => api.restore(id));
    if (restored === null) return false;
    this.#page.notices.add(this.#words.restored(name));
    return true;
  }

  get #words(): ReturnType<typeof wordsOf> {
    return wordsOf(this.#page.words.language);
  }

  async #doing<T>(file: string, work: () => Promise<T>): Promise<T | null> {
    this.busy = file;
    const done = await this.#told(work);
    this.busy = "";
    await this.refresh();
    return done;
  }

  /** Do something; null, and an error that is shown, where the server does not. */
  async #told<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { notices, words } = this.#page;
      const { text, detail } = whyOf(error, words);
      if (detail || error.why === "") notices.error(text, detail);
      else notices.error(this.#words.failed, text);
      return null;
    }
  }
}
