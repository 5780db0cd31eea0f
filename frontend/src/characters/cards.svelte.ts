/** Cards that were chosen: what would become of each, before and after it is taken in. */

import { ApiError } from "../session/http";
import * as api from "./characters_api";
import type { Imported } from "./characters_api";
import { asPng } from "./picture";

export interface CardFile {
  readonly id: number;
  readonly file: File;
  /** The picture on it, "" if it has none. */
  readonly picture: string;
  readonly state: "looking" | "ready" | "taking" | "taken" | "failed";
  /** Null before it is read. */
  readonly found: Imported | null;
  /** Why it is no card, or could not be taken in. */
  readonly failure: ApiError | null;
}

export class Cards {
  all = $state.raw<readonly CardFile[]>([]);
  readonly ready = $derived(this.all.filter((one) => one.state === "ready"));
  #lastId = 0;

  /** Look at some files, one after the other: a server works on few uploads at once. */
  async add(files: Iterable<File>): Promise<void> {
    const cards = [...files].map((file): CardFile => {
      const isPicture = file.type.startsWith("image/");
      const picture = isPicture ? URL.createObjectURL(file) : "";
      this.#lastId += 1;
      return { id: this.#lastId, file, picture, state: "looking", found: null, failure: null };
    });
    this.all = [...this.all, ...cards];
    for (const { id, file } of cards) {
      // What was left out meanwhile, or with the whole sheet, need not be sent.
      if (this.#of(id)) await this.#ask(id, file, { save: false });
    }
  }

  /** Make a character of a card; return its file, or null. */
  async take(id: number): Promise<string | null> {
    const card = this.#of(id);
    if (card?.state !== "ready") return null;
    this.#set(id, { state: "taking" });
    await this.#ask(id, card.file, { save: true });
    return this.#of(id)?.found?.file ?? null;
  }

  leave(id: number): void {
    const card = this.#of(id);
    if (card?.picture) URL.revokeObjectURL(card.picture);
    this.all = this.all.filter((one) => one.id !== id);
  }

  clear(): void {
    for (const { id } of this.all) this.leave(id);
  }

  #of(id: number): CardFile | undefined {
    return this.all.find((one) => one.id === id);
  }

  async #ask(id: number, file: File, { save }: { save: boolean }): Promise<void> {
    try {
      const found = await api.readCard(file, { save });
      if (found.file) await toPng(found.file);
      this.#set(id, { state: save ? "taken" : "ready", found });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#set(id, { state: "failed", failure: error });
    }
  }

  #set(id: number, change: Partial<CardFile>): void {
    this.all = this.all.map((one) => (one.id === id ? { ...one, ...change } : one));
  }
}

/**
 * Have the picture of a new character be a PNG. A JPEG cannot hold a card when she is saved as one.
 * She is there in any case, and what she has for a picture is shown as it is.
 */
async function toPng(file: string): Promise<void> {
  try {
    const { avatar } = (await api.details(file)).fields;
    if (!avatar || !/\.jpe?g$/i.test(avatar)) return;
    const picture = await fetch(api.avatarAddress(avatar));
    await api.setPicture(file, await asPng(await picture.blob()));
  } catch (error) {
    console.warn("Her picture stays a JPEG.", error);
  }
}
