/** What became of a change to the group, in the language of the page. */

import type { panels } from "../../i18n/en/panels";

type Results = (typeof panels)["group"]["results"];

/** The protocol says it in English, with the id of the client it is about. */
const KNOWN: readonly (readonly [RegExp, (results: Results, id: string) => string])[] = [
  [/^You have been invited to the group by (\S+)$/, ({ invited }, id) => invited(id)],
  [/^You have joined the group of (\S+)$/, ({ joined }, id) => joined(id)],
  [/^Member (\S+) was asked to join the group$/, ({ asked }) => asked],
  [/^Member (\S+) was added to the group$/, ({ added }, id) => added(id)],
  [/^Member (\S+) was removed from the group$/, ({ removed }, id) => removed(id)],
  [/^Member (\S+) disconnected$/, ({ lost }, id) => lost(id)],
  [/^Member (\S+) left the group$/, ({ gone }, id) => gone(id)],
  [/^You have left the group$/, ({ left }) => left],
  [/^You have been removed from the group$/, ({ thrownOut }) => thrownOut],
  [/^The group was dissolved$/, ({ dissolved }) => dissolved],
];

/**
 * Return a result in the words given; one that is not known stays as it is. `nameOf` returns the
 * name of a client, "" where it is not known.
 */
export function resultIn(
  results: Results,
  message: string,
  nameOf: (id: string) => string = () => "",
): string {
  for (const [pattern, say] of KNOWN) {
    const found = pattern.exec(message);
    const id = found?.[1] ?? "";
    if (found) return say(results, nameOf(id) || shortened(id));
  }
  return message;
}

/** Return an id as short as it can be told from others by people. */
export function shortened(id: string): string {
  return id.length > 12 ? `${id.slice(0, 8)}…` : id;
}
