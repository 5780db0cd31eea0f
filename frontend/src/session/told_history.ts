/** A conversation as the server has stored it becomes a list; what is in the list already stays. */

import { address } from "@open-llm-vtuber/shared/access";
import type { HistoryMessage } from "@open-llm-vtuber/shared/protocol/messages";

import { Message, type Entry } from "./message.svelte";
import { partsOf, sameWords } from "./message_tree";
import { withoutTags } from "./tags";

/** How the server notes in a history that the message before was cut off. */
export const INTERRUPTED = "[Interrupted by user]";

/**
 * Return the list of a stored conversation.
 *
 * @param known what the list is now: of this, tools are not stored
 * @param nextId gives the id of an entry that is new
 */
export function listOf(
  messages: readonly HistoryMessage[],
  known: readonly Entry[],
  emotions: Readonly<Record<string, unknown>>,
  nextId: () => number,
): Entry[] {
  const entries: Entry[] = [];
  for (const message of messages) {
    const before = entries.at(-1);
    if (message.role === "system" && message.content === INTERRUPTED) {
      // Else nothing of the answer had been heard.
      if (before?.kind === "message" && before.role === "ai") before.cut = true;
      continue;
    }
    const text = withoutTags(message.content, emotions);
    const parts = partsOf(known, message.id ?? "");
    const said = parts.filter((part) => part.kind === "message");
    const isKnown = said.length > 0 && sameWords(said.map((part) => part.text).join(""), text);
    if (!isKnown) {
      entries.push(messageOf(message, text, nextId()));
      continue;
    }
    for (const part of said) {
      part.versions = message.versions ?? [];
      part.cut = part.isProvisional = false;
    }
    entries.push(...parts);
  }
  return entries;
}

function messageOf(told: HistoryMessage, text: string, id: number): Message {
  const isNamed = told.role !== "human" || told.other;
  const name = (isNamed && told.name) || "";
  const pictures = (told.pictures ?? []).map(address);
  const message = new Message(id, told.role, name, new Date(told.timestamp), pictures);
  message.text = text;
  message.serverId = told.id ?? "";
  message.versions = told.versions ?? [];
  return message;
}
