/** Sends what was written; what the server does not take, or may not have got, comes back into the box. */

import type { Image } from "@open-llm-vtuber/shared/protocol/messages";

import type { Connection, Message } from "./connection.svelte";
import type { Conversation } from "./conversation.svelte";
import type { Drafts } from "./drafts.svelte";
import type { VisionSources } from "./vision_sources.svelte";

/** Something that was sent, and of which nothing has come yet. */
interface Sent {
  readonly text: string;
  /** What the person added; what camera and screen showed is seen anew the next time. */
  readonly pictures: readonly Image[];
  /** Whether a turn has begun since: the next answer may be to it. */
  begun: boolean;
}

const LIMITS = "system_config.limits.";
/** What is refused for these is what was sent last. */
const OF_THE_LAST: ReadonlySet<string> = new Set(
  [
    "max_queued_turns",
    "max_queued_turns_bytes",
    "max_queued_requests",
    "max_held_bytes",
    "max_incoming_bytes",
    "max_message_bytes",
    "max_message_frames",
  ].map((name) => LIMITS + name),
);
/** Of more nobody waits for an answer at once. */
const MOST = 16;

export class Sending {
  readonly #connection: Connection;
  readonly #conversation: Pick<Conversation, "type" | "withdraw">;
  readonly #drafts: Pick<Drafts, "text">;
  readonly #vision: Pick<VisionSources, "take" | "look" | "giveBack" | "pictures">;
  /** Messages leave in the order in which they were sent, whatever their pictures take. */
  #leaving = Promise.resolve();
  #unanswered: readonly Sent[] = [];
  /** What was under way when the connection was lost: the history will tell whether it arrived. */
  #doubtful: readonly Sent[] = [];

  constructor(
    connection: Connection,
    conversation: Pick<Conversation, "type" | "withdraw">,
    drafts: Pick<Drafts, "text">,
    vision: Pick<VisionSources, "take" | "look" | "giveBack" | "pictures">,
  ) {
    this.#connection = connection;
    this.#conversation = conversation;
    this.#drafts = drafts;
    this.#vision = vision;
    connection.on("control", ({ text }) => {
      if (text === "conversation-chain-start")
        for (const sent of this.#unanswered) sent.begun = true;
    });
    connection.on("audio", () => this.#answered());
    connection.on("tool_call_status", () => this.#answered());
    connection.on("error", (error) => this.#refused(error));
    connection.on("lost", () => {
      this.#doubtful = [...this.#doubtful, ...this.#unanswered];
      this.#unanswered = [];
    });
    connection.on("history-data", ({ messages }) => {
      const arrived = messages.filter(({ role }) => role === "human").slice(-MOST);
      this.#return(({ text }) => !arrived.some(({ content }) => content.trim() === text));
    });
    connection.on("new-history-created", () => this.#return(() => true));
  }

  /** Whether there is something to send, and somewhere to send it. */
  get canSend(): boolean {
    const isWritten = this.#drafts.text.trim() !== "" || this.#vision.pictures.length > 0;
    return this.#connection.takes && isWritten;
  }

  /** Send what is in the box, with the pictures beside it. */
  send(): void {
    if (!this.canSend) return;
    const sent: Sent = {
      text: this.#drafts.text.trim(),
      pictures: this.#vision.take(),
      begun: false,
    };
    this.#drafts.text = "";
    const seen = this.#vision.look();
    this.#leaving = this.#leaving.then(async () => {
      const images = [...sent.pictures, ...(await seen)];
      if (this.#conversation.type(sent.text, images))
        this.#unanswered = [...this.#unanswered, sent].slice(-MOST);
      else this.#giveBack(sent); // the connection was lost meanwhile
    });
  }

  /** Something of an answer has come: what it may be to was taken. */
  #answered(): void {
    if (this.#unanswered.length) this.#unanswered = this.#unanswered.filter(({ begun }) => !begun);
  }

  #refused({ about = "", params }: Message<"error">): void {
    const sent = this.#meant(about, Number(params?.["limit"] ?? 0));
    if (!sent) return;
    this.#unanswered = this.#unanswered.filter((one) => one !== sent);
    this.#conversation.withdraw(sent.text);
    this.#giveBack(sent);
  }

  /** Return which message an error is about. */
  #meant(about: string, limit: number): Sent | undefined {
    if (about === `${LIMITS}max_text_chars`)
      return this.#unanswered.find(({ text }) => text.length > limit);
    if (about === `${LIMITS}max_images`)
      return this.#unanswered.find(({ pictures }) => pictures.length > 0);
    return about === "text-input" || OF_THE_LAST.has(about) ? this.#unanswered.at(-1) : undefined;
  }

  #return(isLost: (sent: Sent) => boolean): void {
    const lost = this.#doubtful.filter(isLost);
    this.#doubtful = [];
    for (const sent of lost.reverse()) this.#giveBack(sent);
  }

  /** What was written since stands behind it. */
  #giveBack({ text, pictures }: Sent): void {
    this.#drafts.text = [text, this.#drafts.text].filter(Boolean).join("\n");
    this.#vision.giveBack(pictures);
  }
}
