/** What the server keeps for the person: conversations, characters, backgrounds. */

import { DELETIONS, isListOf, isText, keep, readKept } from "@open-llm-vtuber/shared/kept";
import type { ConfigFile, HistorySummary } from "@open-llm-vtuber/shared/protocol/messages";

import type { Connection } from "./connection.svelte";
import { outcomeOf, type RequestProblem } from "./requests";

/** What became of something that was asked for. */
export type Outcome = "done" | RequestProblem;

/** What was found, and for which words. */
export interface Found {
  readonly query: string;
  readonly conversations: readonly HistorySummary[];
}

/** One whose answer got lost with its page is in no list again, so it would stay for ever. */
const MOST_DUE = 100;

interface Kept {
  readonly due: readonly string[];
}

export class Library {
  conversations = $state<HistorySummary[]>([]);
  /** The conversation that is going on; "" before there is one. */
  currentConversation = $state("");
  /** The conversation that is being opened; "" when none is. */
  opening = $state("");
  /** Null while nothing is searched for. */
  found = $state.raw<Found | null>(null);
  characters = $state<ConfigFile[]>([]);
  /** The file of the character that is here. */
  currentCharacter = $state("");
  backgrounds = $state<string[]>([]);
  /** The file of the character that is being switched to; "" when none is. */
  switching = $state("");

  readonly #connection: Connection;
  /** Conversations that are not shown: they will be deleted, unless that is taken back. */
  #hidden = $state.raw<readonly string[]>([]);
  /** Those whose time to be taken back is over; kept, as a page that is left cannot be sure to send. */
  readonly #due: Set<string>;
  /** Those of them whose deletion this connection was asked for. */
  #deleting = new Set<string>();
  #query = "";

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#due = new Set(readKept<Kept>("localStorage", DELETIONS, { due: isListOf(isText) }).due);
    this.#hidden = [...this.#due];
    connection.on("background-files", ({ files }) => (this.backgrounds = files));
    connection.on("config-files", ({ configs }) => (this.characters = configs));
    connection.on("set-model-and-conf", ({ file }) => {
      if (file) this.currentCharacter = file;
    });
    connection.on("history-data", ({ history_uid }) => {
      if (history_uid) this.currentConversation = history_uid;
    });
    connection.on("history-list", ({ histories }) => {
      this.conversations = histories;
      // A deletion that was asked for while there was no connection, or by a page that was left.
      for (const { uid } of histories) if (this.#due.has(uid)) this.delete(uid);
    });
    connection.on("history-search", ({ query, histories }) => {
      if (query === this.#query) this.found = { query, conversations: histories };
    });
    connection.on("history-deleted", (message) => this.#forget(message.history_uid));
    connection.on("new-history-created", (message) => {
      this.currentConversation = message.history_uid;
      this.opening = "";
      this.refreshConversations();
    });
    connection.on("control", ({ text }) => {
      if (text === "conversation-chain-end") this.refreshConversations();
    });
  }

  /** The conversations that are to be shown: those that were found, or all; newest first. */
  get shown(): readonly HistorySummary[] {
    const all = this.found?.conversations ?? this.conversations;
    return all.filter(({ uid }) => !this.#hidden.includes(uid));
  }

  /** Ask for everything, since the connection is a new one. */
  refresh(): void {
    this.opening = this.switching = "";
    this.#deleting.clear();
    this.refreshBackgrounds();
    this.refreshCharacters();
    this.refreshConversations();
  }

  refreshBackgrounds(): void {
    this.#connection.send({ type: "fetch-backgrounds" });
  }

  refreshCharacters(): void {
    this.#connection.send({ type: "fetch-configs" });
  }

  refreshConversations(): void {
    this.#connection.send({ type: "fetch-history-list" });
  }

  /** Look for conversations that hold some words; without words all are shown again. */
  search(words: string): void {
    this.#query = words.trim();
    if (!this.#query) this.found = null;
    else this.#connection.send({ type: "search-history", query: this.#query });
  }

  /** Begin a new conversation. */
  begin(): void {
    this.#connection.send({ type: "create-new-history" });
  }

  /** Go on with a stored conversation; return what became of that. */
  async open(uid: string): Promise<Outcome> {
    this.opening = uid;
    const question = { type: "fetch-and-set-history", history_uid: uid } as const;
    const outcome = await outcomeOf(this.#connection.request(question));
    if (this.opening === uid) this.opening = "";
    return outcome;
  }

  /** Show a conversation no longer; `delete` or `restore` must follow. */
  hide(uid: string): void {
    this.#hidden = [...this.#hidden, uid];
  }

  restore(uid: string): void {
    this.#hidden = this.#hidden.filter((other) => other !== uid);
  }

  /** Delete a conversation for good, now or when there is a connection again. */
  delete(uid: string): void {
    this.#due.add(uid);
    this.#keepDue();
    if (this.#deleting.has(uid)) return;
    const isAsked = this.#connection.send({ type: "delete-history", history_uid: uid });
    if (isAsked) this.#deleting.add(uid);
  }

  /** Delete what is hidden, since there is no time left to take it back. */
  deleteHidden(): void {
    for (const uid of this.#hidden) this.delete(uid);
  }

  /** Have another character: a new conversation begins with it. */
  async change(file: string): Promise<void> {
    this.deleteHidden(); // the server looks for them among those of the present character
    this.switching = file;
    const outcome = await outcomeOf(this.#connection.request({ type: "switch-config", file }));
    if (this.switching === file) this.switching = "";
    if (outcome !== "done") return;
    this.#query = "";
    this.found = null;
    this.begin();
  }

  #forget(uid: string): void {
    const others = ({ uid: other }: HistorySummary): boolean => other !== uid;
    this.conversations = this.conversations.filter(others);
    if (this.found) {
      this.found = { ...this.found, conversations: this.found.conversations.filter(others) };
    }
    this.#due.delete(uid);
    this.#keepDue();
    this.#deleting.delete(uid);
    this.restore(uid);
  }

  #keepDue(): void {
    const due = [...this.#due].slice(-MOST_DUE);
    keep("localStorage", DELETIONS, { due } satisfies Kept);
  }
}
