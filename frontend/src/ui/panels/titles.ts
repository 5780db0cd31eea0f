/** What a stored conversation is called on the page, and how it stands under its day. Pure. */

import type { ListedConversation } from "@open-llm-vtuber/shared/protocol/messages";

import type { Words } from "../../i18n/words";
import { daysBetween } from "./dates";

/** Return the title of a conversation; one in which nothing was said that has words, has one, too. */
export function titleOf({ title }: ListedConversation, words: Words): string {
  return title || words.conversations.untitled;
}

/** Conversations that stand under one heading. */
export interface Group {
  readonly heading: string;
  readonly conversations: readonly ListedConversation[];
}

/** Return the conversations under headings: the pinned ones, then a heading for each day. */
export function grouped(
  conversations: readonly ListedConversation[],
  now: Date,
  words: Words,
): Group[] {
  const groups: { heading: string; conversations: ListedConversation[] }[] = [];
  for (const one of conversations) {
    const day = one.pinned
      ? words.conversations.pinned
      : dayOf(new Date(one.timestamp), now, words);
    const last = groups.at(-1);
    if (last?.heading === day) last.conversations.push(one);
    else groups.push({ heading: day, conversations: [one] });
  }
  return groups;
}

/** Return the day of a moment: "today", "yesterday", "Monday, 23 November", with an older year. */
function dayOf(at: Date, now: Date, { tag, conversations }: Words): string {
  if (Number.isNaN(at.getTime())) return conversations.someDay;
  const days = daysBetween(at, now);
  if (days < 2) {
    const near = new Intl.RelativeTimeFormat(tag, { numeric: "auto" }).format(-days, "day");
    return near.charAt(0).toLocaleUpperCase(tag) + near.slice(1);
  }
  const sameYear = at.getFullYear() === now.getFullYear();
  return new Intl.DateTimeFormat(tag, {
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(!sameYear && { year: "numeric" }),
  }).format(at);
}
