/** What is being written, for each conversation; the browser keeps it, so that a reload loses nothing. */

import { DRAFTS, isRecordOf, isText, keep, readKept } from "@open-llm-vtuber/shared/kept";

import type { Connection } from "./connection.svelte";

/** Those of older conversations are forgotten. */
const MOST = 20;

interface Kept {
  readonly drafts: Readonly<Record<string, string>>;
}

export class Drafts {
  #text = $state("");
  /** The conversation that is going on; "" before it is known. */
  #conversation = "";

  constructor(connection: Connection) {
    connection.on("history-data", ({ history_uid }) => {
      if (history_uid) this.#open(history_uid);
    });
    // Nothing was written in it yet: what is in the box comes along.
    connection.on("new-history-created", ({ history_uid }) => {
      this.#write(this.#conversation, "");
      this.#conversation = history_uid;
      this.#write(history_uid, this.#text);
    });
    for (const kind of ["history-deleted", "conversation-deleted"] as const) {
      connection.on(kind, ({ success, history_uid }) => {
        if (success) this.#write(history_uid, "");
      });
    }
  }

  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    this.#text = text;
    this.#write(this.#conversation, text);
  }

  #open(conversation: string): void {
    if (conversation === this.#conversation) return;
    const typed = this.#conversation ? "" : this.#text; // before it was known where it belongs
    this.#conversation = conversation;
    this.text = [read()[conversation] ?? "", typed].filter(Boolean).join("\n");
  }

  #write(conversation: string, text: string): void {
    if (!conversation) return;
    const before = read();
    if ((before[conversation] ?? "") === text) return;
    const others = Object.entries(before).filter(([uid]) => uid !== conversation);
    const all = text ? [...others, [conversation, text] as const] : others;
    keep("localStorage", DRAFTS, { drafts: Object.fromEntries(all.slice(-MOST)) } satisfies Kept);
  }
}

/** Another tab may have written there since. */
function read(): Kept["drafts"] {
  return readKept<Kept>("localStorage", DRAFTS, { drafts: isRecordOf(isText) }).drafts ?? {};
}
