/** What a turn that is about an earlier message does to the list; undone if nothing comes of it. */

import type { TurnMessages } from "@open-llm-vtuber/shared/protocol/messages";

import type { Entry, Message } from "./message.svelte";
import { before, questionOf, upTo } from "./message_tree";

export class Rewriting {
  readonly #entries: readonly Entry[];
  readonly #goesOn: Message | undefined;
  readonly #id: string;
  readonly #answer: string;
  /** What was said otherwise is stored, whatever comes of the answer. */
  readonly #stays: boolean;

  /** @param entries as they are before the turn */
  constructor(told: TurnMessages, entries: readonly Entry[]) {
    this.#entries = entries;
    this.#id = told.of ?? "";
    this.#answer = told.answer ?? "";
    this.#stays = told.action === "send-again";
    this.#goesOn =
      told.action === "go-on" ? (entries.findLast(isMessage(this.#id)) as Message) : undefined;
  }

  /** Return what the list is while the answer is awaited. */
  begin(action: TurnMessages["action"]): readonly Entry[] {
    const target = this.#entries.find(isMessage(this.#id));
    if (action === "send-again") return before(this.#entries, this.#id);
    if (action !== "answer-anew" || target?.kind !== "message") return this.#entries;
    const question = target.role === "human" ? target : questionOf(this.#entries, target);
    return question?.kind === "message" ? upTo(this.#entries, question.serverId) : this.#entries;
  }

  /** Return the message that goes on in this turn, if one does: it has another name from now on. */
  goOn(): Message | undefined {
    const message = this.#goesOn;
    if (!message) return undefined;
    for (const one of this.#parts(this.#id)) one.serverId = this.#answer;
    message.cut = false;
    return message;
  }

  /** Return the list as it was, if nothing was heard of the answer. */
  undone(entries: readonly Entry[], heard: string): readonly Entry[] | undefined {
    if (heard || this.#stays) return undefined;
    if (this.#goesOn) {
      for (const one of this.#parts(this.#answer)) one.serverId = this.#id;
      this.#goesOn.cut = true;
      return entries;
    }
    return this.#entries;
  }

  #parts(id: string): Message[] {
    return this.#entries.filter(isMessage(id));
  }
}

function isMessage(id: string): (entry: Entry) => entry is Message {
  return (entry): entry is Message => entry.kind === "message" && entry.serverId === id;
}
