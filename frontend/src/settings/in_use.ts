/** Which sections count: those of engines that are in use, and all that belong to none; pure. */

import type { Field, Section } from "./schema_fields";

/**
 * Return the ids of the sections that count.
 *
 * @param valueOf what a field is set to, saved or not; undefined where nothing is
 * @param engines by kind, the engine that is in use where none is named
 */
export function sectionsInUse(
  sections: readonly Section[],
  valueOf: (field: Field) => unknown,
  engines: Readonly<Record<string, string>>,
): ReadonlySet<string> {
  const used = new Set<string>();
  const shown = new Set<string>();
  // An engine that is in use may name another, so it is gone through until nothing is added.
  for (let before = -1; before < shown.size + used.size;) {
    before = shown.size + used.size;
    for (const section of sections) {
      const isUsed = !section.of || used.has(nameOf(section.of.kind, section.of.name));
      if (!isUsed) continue;
      shown.add(section.id);
      for (const field of section.fields) {
        const name = field.engine ? namedBy(field, valueOf(field), engines) : "";
        if (name) used.add(nameOf(field.engine, name));
      }
    }
  }
  return shown;
}

/** Return which engine a field leads to; "" for none. */
export function namedBy(
  field: Field,
  value: unknown,
  engines: Readonly<Record<string, string>>,
): string {
  if (typeof value === "string") return value;
  const { usual } = field;
  // What has no default of its own is not chosen at all, or by who uses it.
  return typeof usual === "string" && usual ? (engines[field.engine] ?? usual) : "";
}

function nameOf(kind: string, name: string): string {
  return `${kind} ${name}`;
}
