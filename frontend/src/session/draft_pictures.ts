/** The pictures of what is being written: like its text, each conversation has its own, and a reload keeps them. */

import type { Image } from "@open-llm-vtuber/shared/protocol/messages";

import type { Connection } from "./connection.svelte";
import type { PictureStore } from "./picture_store";
import { MOST_PICTURES, type VisionSources } from "./vision_sources.svelte";

export class DraftPictures {
  readonly #vision: Pick<VisionSources, "pictures">;
  readonly #store: PictureStore;
  /** The conversation that is going on; "" before it is known. */
  #conversation = "";
  /** What is kept of it, as far as is known; null while that is being read. */
  #kept: readonly Image[] | null = [];
  /** One thing after another: what was wanted later is done later. */
  #last: Promise<void> = Promise.resolve();

  constructor(
    connection: Connection,
    vision: Pick<VisionSources, "pictures">,
    store: PictureStore,
  ) {
    this.#vision = vision;
    this.#store = store;
    connection.on("history-data", ({ history_uid }) => {
      if (history_uid) this.#open(history_uid);
    });
    // Nothing was written in it yet: what waits comes along.
    connection.on("new-history-created", ({ history_uid }) => {
      if (history_uid === this.#conversation) return;
      this.#forget(this.#conversation);
      this.#conversation = history_uid;
      this.#kept = [];
      this.follow();
    });
    for (const kind of ["history-deleted", "conversation-deleted"] as const) {
      connection.on(kind, ({ success, history_uid }) => {
        if (success) this.#forget(history_uid);
      });
    }
  }

  /** What waits has changed: keep it. */
  follow(): void {
    const { pictures } = this.#vision;
    if (!this.#conversation || this.#kept === null || this.#kept === pictures) return;
    if (!pictures.length && !this.#kept.length) return;
    this.#kept = pictures;
    this.#write(this.#conversation, pictures);
  }

  #open(conversation: string): void {
    if (conversation === this.#conversation) return;
    this.follow();
    const isFirst = this.#conversation === "";
    this.#conversation = conversation;
    this.#kept = null;
    if (!isFirst) this.#vision.pictures = [];
    this.#do(async () => {
      const kept = await this.#store.read(conversation);
      if (this.#conversation !== conversation || this.#kept !== null) return;
      this.#kept = kept;
      if (kept.length) {
        // What was added meanwhile stands behind them.
        this.#vision.pictures = [...kept, ...this.#vision.pictures].slice(0, MOST_PICTURES);
      }
      this.follow();
    });
  }

  #forget(conversation: string): void {
    if (conversation) this.#write(conversation, []);
  }

  #write(conversation: string, pictures: readonly Image[]): void {
    this.#do(() => this.#store.write(conversation, pictures));
  }

  #do(work: () => Promise<void>): void {
    this.#last = this.#last.then(work);
  }
}
