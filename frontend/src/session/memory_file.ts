/** What she remembers as a file that can be kept, and taken in again elsewhere. */

import {
  isFlag,
  isListOf,
  isMadeOf,
  isOneOf,
  isText,
  orNull,
  type Check,
} from "@open-llm-vtuber/shared/kept";
import type { Remembered, Told } from "@open-llm-vtuber/shared/protocol/messages";

const FORMAT = "open-llm-vtuber-memory";
const VERSION = 1;
/** Of one thing that is remembered, as the server takes it. */
export const MOST_CHARS = 1000;

const isTold = isMadeOf<Required<Told>>({
  text: isText,
  kind: isOneOf("name", "life", "taste", "date", "promise", "told"),
  slot: isText,
  day: orNull(isText),
  said_at: isText,
  pinned: isFlag,
  edited: isFlag,
});
const isFile = isMadeOf({
  format: isOneOf(FORMAT),
  version: ((value) => value === VERSION) as Check<typeof VERSION>,
  facts: isListOf(isTold),
});

/** Return the text of a file that holds these. */
export function memoryFile(
  facts: readonly Remembered[],
  character: string,
  person: string,
): string {
  const told = facts.map(plain);
  return `${JSON.stringify({ format: FORMAT, version: VERSION, character, person, facts: told }, null, 2)}\n`;
}

/** Return what a file holds; null where it is none of ours. */
export function readMemoryFile(text: string): Told[] | null {
  const value = parsed(text);
  if (!isFile(value)) return null;
  return value.facts
    .map(plain)
    .filter(({ text: { length } }) => length > 0 && length <= MOST_CHARS);
}

/** Return it without what belongs to one server only. */
function plain({ text, kind, slot, day, said_at, pinned, edited }: Required<Told>): Required<Told> {
  return { text, kind, slot, day, said_at, pinned, edited };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // some other file
  }
}
