/** The stored conversations, as far as they are listed: some at a time, searched, named and pinned. */

import type { ListedConversation } from "@open-llm-vtuber/shared/protocol/messages";

import type { Connection } from "./connection.svelte";
import { isSame, type ConversationName, type Deletions } from "./deletions.svelte";
import { outcomeOf, RequestError, type Outcome, type Reply } from "./requests";

/** Of what a person may call a conversation. */
export const MOST_TITLE_CHARS = 200;
/** So many are asked for at a time. */
const SOME = 50;
/** So many the server gives at most. */
const MOST = 100;

/** What is asked for. */
interface Wish {
  readonly query: string;
  /** Whether those with other characters are listed, too. */
  readonly everywhere: boolean;
}

export class ConversationList {
  /** What the list holds, and what of that is searched; null before it is known. */
  wish = $state.raw<Wish | null>(null);
  isLoading = $state(false);

  readonly #connection: Connection;
  readonly #deletions: Deletions;
  #all = $state.raw<readonly ListedConversation[]>([]);
  /** What the next part is asked with; null where there is none. */
  #next = $state.raw<string | null>(null);
  #wanted: Wish = { query: "", everywhere: false };
  #asked = new AbortController();
  /** The character that is here. */
  #character = "";
  #isWatched = false;

  constructor(connection: Connection, deletions: Deletions) {
    this.#connection = connection;
    this.#deletions = deletions;
    connection.on("set-model-and-conf", ({ conf_uid }) => {
      if (conf_uid === this.#character) return;
      this.#character = conf_uid;
      if (!this.#wanted.everywhere) this.#forget();
      if (this.#isWatched) void this.refresh();
    });
    connection.on("control", ({ text }) => {
      if (text === "conversation-chain-end" && this.#isWatched) void this.refresh();
    });
    connection.on("conversation-changed", ({ conversation }) => this.#change(conversation));
    connection.on("conversation-deleted", ({ conf_uid, history_uid }) => {
      this.#all = this.#all.filter((one) => !isSame(one, { conf_uid, uid: history_uid }));
    });
  }

  /** Those that are to be shown: the pinned ones first, then the newest. */
  get shown(): readonly ListedConversation[] {
    return this.#all.filter((one) => !this.#deletions.hides(one));
  }

  get hasMore(): boolean {
    return this.#next !== null;
  }

  /** Keep the list as the server has it, until what is returned is called. */
  watch(): () => void {
    this.#isWatched = true;
    void this.refresh();
    return () => {
      this.#isWatched = false;
      void this.look("", false);
    };
  }

  /** List those that hold some words, or all without any. */
  async look(query: string, everywhere: boolean): Promise<void> {
    const wanted = { query: query.trim(), everywhere };
    const { query: before, everywhere: wereAll } = this.#wanted;
    if (wanted.query === before && everywhere === wereAll) return;
    this.#wanted = wanted;
    if (this.#isWatched) await this.#read(SOME, true);
    else this.#forget();
  }

  /** Ask for the beginning of the list anew; what else is listed stays. */
  async refresh(): Promise<void> {
    await this.#read(this.#all.length > SOME ? MOST : SOME, false);
  }

  /** List some more. */
  async more(): Promise<void> {
    const after = this.#next;
    if (after === null || this.isLoading) return;
    const part = await this.#ask(after, SOME);
    if (!part) return;
    const known = this.#all;
    const added = part.conversations.filter((one) => !known.some((other) => isSame(one, other)));
    this.#all = [...known, ...added];
    this.#next = part.next;
  }

  /** Call a conversation something; "" is what it is called by itself. */
  async rename({ conf_uid, uid }: ConversationName, title: string): Promise<Outcome> {
    const type = "rename-conversation";
    return outcomeOf(this.#connection.request({ type, conf_uid, history_uid: uid, title }));
  }

  /** Have a conversation stand first, or no more. */
  async pin({ conf_uid, uid }: ConversationName, pinned: boolean): Promise<Outcome> {
    const type = "pin-conversation";
    return outcomeOf(this.#connection.request({ type, conf_uid, history_uid: uid, pinned }));
  }

  /** @param anew whether nothing stays of what is listed */
  async #read(limit: number, anew: boolean): Promise<void> {
    const part = await this.#ask("", limit);
    if (!part) return;
    const last = part.conversations.at(-1);
    const isLonger = !anew && this.wish === this.#wanted && last && part.next !== null;
    const rest = isLonger
      ? this.#all.filter(
          (one) => comes(one, last) > 0 && !part.conversations.some((other) => isSame(one, other)),
        )
      : [];
    if (rest.length === 0) this.#next = part.next;
    this.#all = [...part.conversations, ...rest];
    this.wish = this.#wanted;
  }

  /** Ask for a part; null where nothing came of it, or something else was asked for since. */
  async #ask(after: string, limit: number): Promise<Reply<"fetch-conversations"> | null> {
    this.#asked.abort();
    const asked = (this.#asked = new AbortController());
    const question = { type: "fetch-conversations", ...this.#wanted, after, limit } as const;
    this.isLoading = true;
    try {
      return await this.#connection.request(question, { signal: asked.signal });
    } catch (error) {
      if (error instanceof RequestError || asked.signal.aborted) return null;
      throw error;
    } finally {
      if (this.#asked === asked) this.isLoading = false;
    }
  }

  #change(changed: ListedConversation): void {
    const before = this.#all.find((one) => isSame(one, changed));
    const { query, everywhere } = this.#wanted;
    const belongs = !query && (everywhere || changed.conf_uid === this.#character);
    if (!this.wish || (!before && !belongs)) return;
    // Where its words are is told by a search alone.
    const { found = [], found_more = 0 } = before ?? {};
    const others = this.#all.filter((one) => one !== before);
    this.#all = [...others, { ...changed, found, found_more }].sort(comes);
  }

  #forget(): void {
    this.#asked.abort();
    this.isLoading = false;
    this.#all = [];
    this.#next = null;
    this.wish = null;
  }
}

/** Compare where two stand in the list, as the server orders it. */
function comes(one: ListedConversation, other: ListedConversation): number {
  if (one.pinned !== other.pinned) return one.pinned ? -1 : 1;
  return one.timestamp < other.timestamp ? 1 : one.timestamp > other.timestamp ? -1 : 0;
}
