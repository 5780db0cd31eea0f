/** What is wrong with a character before the server is asked; pure. The server has the last word. */

import type { Field, Fields } from "./characters_api";
import { charsOf } from "./sizes";

export type Wrong =
  | { readonly kind: "empty" | "exampleEmpty" | "taken" }
  | { readonly kind: "tooLong" | "tooMany"; readonly most: number }
  /** As the server words it. */
  | { readonly kind: "told"; readonly text: string };

export type Problems = Partial<Record<Field, Wrong>>;

const MOST: Partial<Record<Field, number>> = {
  conf_name: 80,
  character_name: 80,
  human_name: 80,
  greeting: 4000,
  persona_prompt: 100_000,
  voice: 120,
};
const MOST_EXAMPLE = 4000;

/**
 * Return what is wrong with which field.
 *
 * @param taken the names that others have in the list
 * @param isNew whether she has no file yet
 */
export function problemsOf(fields: Fields, taken: readonly string[], isNew: boolean): Problems {
  const problems: Problems = {};
  for (const [field, most] of Object.entries(MOST) as [Field, number][]) {
    if (charsOf(String(fields[field])) > most) problems[field] = { kind: "tooLong", most };
  }
  if (!fields.persona_prompt.trim()) problems.persona_prompt = { kind: "empty" };
  const listed = fields.conf_name.trim();
  if (!listed && !(isNew && fields.character_name.trim())) {
    problems[isNew ? "character_name" : "conf_name"] = { kind: "empty" };
  } else if (taken.includes(listed)) problems.conf_name = { kind: "taken" };
  const lines = fields.example_dialogue.flatMap(({ human, character }) => [human, character]);
  if (lines.some((line) => !line.trim())) problems.example_dialogue = { kind: "exampleEmpty" };
  else if (lines.some((line) => charsOf(line) > MOST_EXAMPLE)) {
    problems.example_dialogue = { kind: "tooLong", most: MOST_EXAMPLE };
  }
  return problems;
}
