/** What the person does with messages that were said. */

import type { Connection } from "./connection.svelte";
import type { Conversation } from "./conversation.svelte";
import type { Group } from "./group.svelte";
import type { Entry, Message } from "./message.svelte";
import { offered, questionOf, type Action } from "./message_tree";
import { outcomeOf } from "./requests";
import { picturesOf } from "./shown_pictures";

type Change = "choose-version" | "delete-message" | "restore-message";

export class MessageActions {
  /** The message that is being said otherwise. */
  editing = $state.raw<Message | null>(null);
  /** The message whose actions were opened by a tap. */
  opened = $state.raw<Message | null>(null);
  /** The version that is wanted, by which of two buttons; null once that button has the focus. */
  stepped = $state.raw<{ readonly version: string; readonly side: string } | null>(null);
  /** Whether what was said can be changed. */
  #rewrites = $state(true);

  readonly #connection: Connection;
  readonly #conversation: Conversation;
  readonly #group: Pick<Group, "isShared">;

  constructor(connection: Connection, conversation: Conversation, group: Pick<Group, "isShared">) {
    this.#connection = connection;
    this.#conversation = conversation;
    this.#group = group;
    connection.on("capabilities", ({ rewrites }) => (this.#rewrites = rewrites ?? true));
  }

  /** Return what can be done with a message now. */
  of(message: Message): Action[] {
    if (this.#connection.state !== "open") return [];
    const { entries, turn } = this.#conversation;
    return offered(entries, message, {
      isIdle: turn === "idle",
      rewrites: this.#rewrites,
      isShared: this.#group.isShared,
    });
  }

  /** Whether a message of the person waits for an answer that does not come. */
  isUnanswered(message: Message): boolean {
    return message.role === "human" && this.of(message).includes("answer-anew");
  }

  /** Whether another version of a message can be chosen. */
  get mayChoose(): boolean {
    return this.#rewrites && !this.#group.isShared && this.#connection.state === "open";
  }

  sayAgain({ serverId }: Message): void {
    this.#conversation.interrupt();
    this.#connection.send({ type: "say-again", message_id: serverId });
  }

  goOn({ serverId }: Message): void {
    this.#conversation.interrupt();
    this.#connection.send({ type: "go-on", message_id: serverId });
  }

  /** Have a message of the person, or the one that a message answers, answered anew. */
  answerAnew(message: Message): void {
    this.#conversation.interrupt();
    const asked = message.role === "human" ? message : this.#questionOf(message);
    const images = picturesOf(asked?.images ?? []);
    this.#connection.send({ type: "answer-anew", message_id: message.serverId, images });
  }

  /** Return what the person said last, if it can be answered anew. */
  lastAsked(): Message | undefined {
    if (!this.#rewrites || this.#group.isShared) return undefined;
    const asked = this.#conversation.entries.findLast(
      (one) => one.kind === "message" && one.role === "human" && !one.speaker,
    );
    return asked?.kind === "message" && asked.serverId ? asked : undefined;
  }

  /** Say otherwise what is being edited. */
  send(text: string): boolean {
    const message = this.editing;
    if (!message || !text.trim()) return false;
    const isSent = this.#conversation.sayOtherwise(message, text.trim());
    if (isSent) this.editing = null;
    return isSent;
  }

  choose(version: string): Promise<boolean> {
    return this.#change("choose-version", version);
  }

  remove({ serverId }: Message): Promise<boolean> {
    return this.#change("delete-message", serverId);
  }

  restore({ serverId }: Message): Promise<boolean> {
    return this.#change("restore-message", serverId);
  }

  #questionOf(message: Message): Message | undefined {
    const found = questionOf<Entry>(this.#conversation.entries, message);
    return found?.kind === "message" ? found : undefined;
  }

  /** Have the conversation changed; return whether it was. */
  async #change(type: Change, message_id: string): Promise<boolean> {
    this.#conversation.interrupt();
    return (await outcomeOf(this.#connection.request({ type, message_id }))) === "done";
  }
}
