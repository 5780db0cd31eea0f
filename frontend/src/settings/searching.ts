/** Which fields are meant by some words; pure. */

import type { Field } from "./schema_fields";
import { holdsSecret, shown } from "./values";

/** Return what is looked for, as words that have all to be found. */
export function wordsOf(query: string): readonly string[] {
  return query.toLowerCase().split(/\s+/).filter(Boolean);
}

/**
 * Whether a field has all of these words: in its names, its description, its options or its value.
 *
 * @param names what it is called, and what it belongs to, in the language of the page
 */
export function isMeant(
  field: Field,
  value: unknown,
  names: readonly string[],
  words: readonly string[],
): boolean {
  const options = field.control.type === "choice" ? field.control.options : [];
  const text = [
    ...names,
    field.id,
    field.id.replaceAll("_", " "),
    field.description,
    ...options.map(({ value: one, label }) => `${one} ${label}`),
    field.secret || holdsSecret(value) ? "" : shown(value ?? field.usual),
  ]
    .join("\n")
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Whether its names alone have all of these words: then it is what is most likely meant. */
export function isNamed(field: Field, names: readonly string[], words: readonly string[]): boolean {
  const text = [...names, field.key, field.key.replaceAll("_", " ")].join("\n").toLowerCase();
  return words.every((word) => text.includes(word));
}
