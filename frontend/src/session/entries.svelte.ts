/** The list of a conversation: what was said, the tools that were used, and what of it grows. */

import type { HistoryMessage, ToolCallStatus } from "@open-llm-vtuber/shared/protocol/messages";

import { Message, ToolCall, type Entry } from "./message.svelte";
import { listOf } from "./told_history";

type Details = Partial<Pick<Message, "images" | "speaker" | "platform">>;

export class Entries {
  all = $state.raw<readonly Entry[]>([]);
  /** Where the sentence that is heard belongs. */
  #growing: Message | undefined;
  #lastId = 0;

  /** Return a message that was said now; it stands in no list yet. */
  make(role: Message["role"], text: string, details: Details = {}): Message {
    const { images = [], speaker = "", platform = "" } = details;
    const made = new Message(this.#nextId(), role, speaker, new Date(), images, platform);
    made.text = text;
    return made;
  }

  /** Put a message that was said now at the end, and return it. */
  add(role: Message["role"], text: string, details?: Details): Message {
    const added = this.make(role, text, details);
    this.all = [...this.all, added];
    return added;
  }

  /** Return the call of a tool that is listed already. */
  callOf(id: string): ToolCall | undefined {
    return this.all.findLast(
      (entry): entry is ToolCall => entry.kind === "tool" && entry.call === id,
    );
  }

  /** A tool is used; it is shown behind all there is. */
  addCall(status: ToolCallStatus): void {
    const call = new ToolCall(this.#nextId(), status.tool_id, status.tool_name);
    call.take(status);
    this.all = [...this.all, call];
  }

  remove(entry: Entry | undefined): void {
    this.all = this.all.filter((one) => one !== entry);
  }

  /** What was last said of it stands at the end now. */
  toEnd(message: Message): void {
    this.all = [...this.all.filter((one) => one !== message), message];
  }

  get growing(): Message | undefined {
    return this.#growing;
  }

  /** Have a message grow with the voice, and no other. */
  grow(message: Message | undefined): void {
    if (this.#growing === message) return;
    if (this.#growing) this.#growing.growing = false;
    if (message) message.growing = true;
    this.#growing = message;
  }

  /** A turn is over: of what was not heard nothing stays, and nothing more comes of its tools. */
  settle(): void {
    this.grow(undefined);
    for (const entry of this.all) {
      if (entry.kind === "message") entry.written = "";
      else if (entry.status === "running") entry.status = "cut";
    }
    this.all = this.all.filter(
      (entry) => entry.kind === "tool" || entry.text || entry.images.length,
    );
  }

  /** Show a conversation as the server has stored it. */
  show(messages: readonly HistoryMessage[], emotions: Readonly<Record<string, unknown>>): void {
    this.all = listOf(messages, this.all, emotions, () => this.#nextId());
  }

  #nextId(): number {
    return (this.#lastId += 1);
  }
}
