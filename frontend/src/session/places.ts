/** Where in the conversation that is shown a message is that was found in the stored one. Pure. */

import type { FoundMessage } from "@open-llm-vtuber/shared/protocol/messages";

import type { Entry, Message } from "./message.svelte";

/** A message that is to be seen, and the words for which it was looked up. */
export interface Place {
  readonly entry: number;
  readonly words: string;
}

/** What tells a message from others in its conversation. */
export type Said = Pick<FoundMessage, "role" | "said_at">;

/** Return the entry of a message; of several of one second, that which holds the words. */
export function entryOf(
  entries: readonly Entry[],
  { role, said_at }: Said,
  words: string,
): Message | undefined {
  const at = new Date(said_at).getTime();
  const same = entries.filter(
    (entry): entry is Message =>
      entry.kind === "message" && entry.role === role && entry.at.getTime() === at,
  );
  const wanted = fold(words);
  return same.find(({ text }) => fold(text).includes(wanted)) ?? same[0];
}

/** As the server compares: neither case nor width counts. */
export function fold(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}
