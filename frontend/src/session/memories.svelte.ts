/** What she remembers of the person at this page: looked through, put right, forgotten. */

import { Emitter } from "@open-llm-vtuber/shared/emitter";
import type {
  Memory,
  MemoryChanged,
  Passage,
  Remembered,
  Told,
} from "@open-llm-vtuber/shared/protocol/messages";

import type { Connection } from "./connection.svelte";
import { outcomeOf, RequestError, type Question } from "./requests";
import type { Settings } from "./settings.svelte";

/** What changes something that is remembered. */
type Change =
  | "pin-fact"
  | "correct-fact"
  | "forget-fact"
  | "forget-message"
  | "forget-everything"
  | "keep-conversation"
  | "import-memory";

/** Of a person's name, as the server takes it. */
export const MOST_NAME_CHARS = 80;

/** Among the hints that were seen: who talks here was asked. */
const ASKED = "person";
/** So much is imported with one message. */
const TOGETHER = 500;

/** `named`: there is an answer to who talks here; what asked is still on the page. */
export class Memories extends Emitter<{ named: [] }> {
  /** Whether the server tells what is remembered. */
  isThere = $state(false);
  /** Null before it is known. */
  now = $state.raw<Memory | null>(null);
  /** Which messages mention what was forgotten last; they are still there. */
  mentions = $state.raw<readonly Passage[]>([]);
  /** Whether something is being changed. */
  isChanging = $state(false);

  readonly #connection: Connection;
  readonly #settings: Settings;
  #query = "";
  /** Who the server knows that we are. */
  #introduced = "";

  constructor(connection: Connection, settings: Settings) {
    super();
    this.#connection = connection;
    this.#settings = settings;
    connection.on("extensions-enabled", ({ extensions }) => {
      this.isThere = extensions.includes("memory");
    });
    connection.on("lost", () => {
      this.isThere = false;
      this.#introduced = "";
    });
    connection.on("memory", (memory) => {
      if (memory.query === this.#query) this.now = memory;
    });
    connection.on("set-model-and-conf", () => this.#renew()); // another one remembers other things
  }

  /** Whether the person has said who talks here, or that it is of no matter. */
  get isAsked(): boolean {
    return this.#settings.now.hintsSeen.includes(ASKED);
  }

  /** Whether it is of use to ask: nobody was, and she remembers. */
  get isToBeAsked(): boolean {
    return this.isThere && !this.isAsked && this.now?.remembers === "on";
  }

  /** Find out whether she remembers, as long as nobody was asked. */
  async prepareToAsk(): Promise<void> {
    if (!this.isAsked) await this.look();
  }

  /**
   * Say who talks here, from now on and in this browser; "" is nobody in particular.
   *
   * Somebody else begins a conversation of their own: what is said in the one that is open is
   * remembered of whoever began it.
   *
   * @param takesOver whether what is remembered of nobody in particular is of this person
   */
  call(name: string, takesOver = false): void {
    this.emit("named");
    const { hintsSeen } = this.#settings.now;
    const seen = this.isAsked ? hintsSeen : [...hintsSeen, ASKED];
    this.#settings.set({ person: inOneLine(name), hintsSeen: seen });
    const isNew = this.#introduced !== this.#settings.now.person;
    this.introduce(takesOver);
    if (this.isThere && isNew && !takesOver) this.#connection.send({ type: "create-new-history" });
  }

  /** Tell the server who talks here, where it does not know. */
  introduce(takesOver = false): void {
    const { person } = this.#settings.now;
    if (!this.isThere || person === this.#introduced) return;
    this.#introduced = person;
    const question = { type: "set-person", person, takes_over: takesOver } as const;
    void outcomeOf(this.#connection.request(question));
    this.#renew();
  }

  /** Ask what is remembered, or what of it holds the words that are searched for. */
  async look(): Promise<void> {
    if (!this.isThere) return;
    await outcomeOf(this.#connection.request({ type: "fetch-memory", query: this.#query }));
  }

  /** Look for words; without any all is shown again. */
  async search(words: string): Promise<void> {
    this.#query = inOneLine(words);
    await this.look();
  }

  async pin({ id }: Remembered, pinned: boolean): Promise<boolean> {
    return (await this.#change({ type: "pin-fact", fact: id, pinned })) !== null;
  }

  async correct({ id }: Remembered, text: string): Promise<boolean> {
    const question = { type: "correct-fact", fact: id, text: inOneLine(text) } as const;
    return (await this.#change(question)) !== null;
  }

  /** Forget it for good; `mentions` are then the messages that mention it as well. */
  async forget({ id }: Remembered): Promise<boolean> {
    const answer = await this.#change({ type: "forget-fact", fact: id });
    if (answer) this.mentions = answer.mentions;
    return answer !== null;
  }

  /** Delete a message for good. */
  async forgetPassage({ message_id, history_uid }: Passage): Promise<boolean> {
    const answer = await this.#change({ type: "forget-message", message_id, history_uid });
    if (answer) this.mentions = this.mentions.filter((one) => one.message_id !== message_id);
    return answer !== null;
  }

  async forgetEverything(): Promise<boolean> {
    this.mentions = [];
    return (await this.#change({ type: "forget-everything" })) !== null;
  }

  /** Say whether a conversation may be remembered in others. */
  async keepConversation(history_uid: string, remembered: boolean): Promise<boolean> {
    const question = { type: "keep-conversation", history_uid, remembered } as const;
    return (await this.#change(question)) !== null;
  }

  /** Put away which messages mention what was forgotten. */
  leaveMentions(): void {
    this.mentions = [];
  }

  /** Have things remembered that were exported; return whether all of them are. */
  async take(facts: readonly Told[]): Promise<boolean> {
    for (let start = 0; start < facts.length; start += TOGETHER) {
      const part = facts.slice(start, start + TOGETHER);
      if (!(await this.#change({ type: "import-memory", facts: part }))) return false;
    }
    return true;
  }

  /** What was shown is of somebody else; where something was shown, ask anew. */
  #renew(): void {
    const isShown = this.now !== null;
    this.now = null;
    this.mentions = [];
    if (isShown) void this.look();
  }

  /** Change something and look again; null where that was refused, which is told as an error. */
  async #change<K extends Change>(question: Question<K>): Promise<MemoryChanged | null> {
    this.isChanging = true;
    try {
      return await this.#connection.request(question);
    } catch (error) {
      if (error instanceof RequestError) return null;
      throw error;
    } finally {
      await this.look();
      this.isChanging = false;
    }
  }
}

/** Return a text as the server compares it. */
function inOneLine(text: string): string {
  return text.normalize("NFC").split(/\s+/).filter(Boolean).join(" ");
}
