/** Which versions a message has, what can be done with it, and what stays of a list; pure. */

/** What can be done with a message; `answer-anew` of the person's own is to try it again. */
export type Action = "say-again" | "answer-anew" | "go-on" | "edit" | "delete";

/** As much of a message as is looked at here. */
export interface Said {
  readonly kind: "message";
  readonly role: "human" | "ai" | "system" | "viewer";
  readonly serverId: string;
  readonly versions: readonly string[];
  readonly speaker: string;
  readonly text: string;
  readonly cut: boolean;
  readonly growing: boolean;
  readonly isProvisional: boolean;
}

/** A place in the list. */
export type Placed = Said | { readonly kind: "tool" };

export interface Circumstances {
  /** Nothing is being answered. */
  readonly isIdle: boolean;
  /** What was said can be changed: the character's memory is the server's own. */
  readonly rewrites: boolean;
  /** Others are in this conversation. */
  readonly isShared: boolean;
}

/** Return what can be done with a message of the list. */
export function offered(
  entries: readonly Placed[],
  message: Said,
  { isIdle, rewrites, isShared }: Circumstances,
): Action[] {
  const isNamed = message.serverId !== "" && !message.isProvisional && !message.growing;
  if (!isNamed || isShared) return [];
  const next = beside(entries, message, 1);
  if (message.role === "human") {
    if (message.speaker || !rewrites) return [];
    return !next && isIdle ? ["answer-anew", "edit", "delete"] : ["edit", "delete"];
  }
  // An answer that a tool has parted is one message: what is done with it stands at its end.
  if (message.role !== "ai" || next?.serverId === message.serverId) return [];
  if (!rewrites) return ["say-again"];
  const actions: Action[] = ["say-again"];
  if (message.cut && !next) actions.push("go-on");
  if (questionOf(entries, message)) actions.push("answer-anew");
  return [...actions, "delete"];
}

/** Return what the person said that is answered by a message, if that is so. */
export function questionOf<S extends Placed>(
  entries: readonly S[],
  answer: Said,
): Extract<S, Said> | undefined {
  let before = beside(entries, answer, -1);
  while (before?.serverId === answer.serverId) before = beside(entries, before, -1);
  const isOwn = before?.role === "human" && !before.speaker;
  return isOwn && before?.serverId ? before : undefined;
}

/** Return the message before or after one; of thousands no more is looked at than is needed. */
function beside<S extends Placed>(
  entries: readonly S[],
  message: Said,
  step: -1 | 1,
): Extract<S, Said> | undefined {
  let at = entries.indexOf(message as Placed as S);
  if (at < 0) return undefined;
  do at += step;
  while (entries[at]?.kind === "tool");
  const found = entries[at];
  return found?.kind === "message" ? (found as Extract<S, Said>) : undefined;
}

/** Return which version of a message this is, from 1, and the ids of those beside it. */
export function place({ serverId, versions }: Pick<Said, "serverId" | "versions">): {
  number: number;
  before: string | undefined;
  after: string | undefined;
} {
  const at = versions.indexOf(serverId);
  return {
    number: at + 1,
    before: at > 0 ? versions[at - 1] : undefined,
    after: at < 0 ? undefined : versions[at + 1],
  };
}

/** Return what of a list was before a message, and tools that led to it. */
export function before<S extends Placed>(entries: readonly S[], serverId: string): S[] {
  const first = entries.findIndex((one) => isOf(one, serverId));
  if (first < 0) return [...entries];
  const kept = entries.slice(0, first);
  while (kept.at(-1)?.kind === "tool") kept.pop();
  return kept;
}

/** Return what of a list was up to the end of a message. */
export function upTo<S extends Placed>(entries: readonly S[], serverId: string): S[] {
  const last = entries.findLastIndex((one) => isOf(one, serverId));
  return last < 0 ? [...entries] : entries.slice(0, last + 1);
}

/** Return what stands for a message in a list: its parts, and the tools before and between them. */
export function partsOf<S extends Placed>(entries: readonly S[], serverId: string): S[] {
  const first = entries.findIndex((one) => isOf(one, serverId));
  const last = entries.findLastIndex((one) => isOf(one, serverId));
  if (first < 0) return [];
  let from = first;
  while (entries[from - 1]?.kind === "tool") from -= 1;
  return entries.slice(from, last + 1);
}

/** Whether two texts have the same words, however they are parted. */
export function sameWords(one: string, other: string): boolean {
  return one.replace(/\s/g, "") === other.replace(/\s/g, "");
}

function isOf(entry: Placed, serverId: string): boolean {
  return entry.kind === "message" && serverId !== "" && entry.serverId === serverId;
}
