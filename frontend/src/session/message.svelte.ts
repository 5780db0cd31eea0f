/** What stands in the list of a conversation: what somebody said, and tools that were used. */

import type { ToolCallStatus } from "@open-llm-vtuber/shared/protocol/messages";

/** What one of them said; of a turn, until another one speaks or a tool is used. */
export class Message {
  readonly kind = "message";
  /** What was said of it; of hers, as much as has been heard. */
  text = $state("");
  /** What she has written while her voice is still being made; "" when it was heard or cut off. */
  written = $state("");
  /** She was cut off here. */
  cut = $state(false);
  /** It grows with the voice; false when it is complete. */
  growing = $state(false);
  /** What the server calls it; "" where it does not know it, or not yet. */
  serverId = $state("");
  /** The ids of all versions there are, its own among them; none where there is no other. */
  versions = $state.raw<readonly string[]>([]);
  /** It is stored once the person says something next. */
  isProvisional = $state(false);
  /** "" is the person at this page, or the character on it. */
  speaker = $state("");

  constructor(
    readonly id: number,
    readonly role: "human" | "ai" | "system" | "viewer",
    speaker: string,
    readonly at: Date,
    readonly images: readonly string[] = [],
    /** Where a viewer of the stream wrote it; "" for what nobody wrote there. */
    readonly platform = "",
  ) {
    this.speaker = speaker;
  }

  /** As much of it as there is to read. */
  get shown(): string {
    return this.written.length > this.text.length ? this.written : this.text;
  }
}

/** A tool that she uses in an answer. */
export class ToolCall {
  readonly kind = "tool";
  status = $state<ToolCallStatus["status"] | "cut">("running");
  input = $state("");
  result = $state("");

  constructor(
    readonly id: number,
    readonly call: string,
    readonly name: string,
  ) {}

  take({ status, content }: ToolCallStatus): void {
    this.status = status;
    if (status === "running") this.input = content.replace(/^Input:\s*/, "");
    else this.result = content;
  }
}

export type Entry = Message | ToolCall;
