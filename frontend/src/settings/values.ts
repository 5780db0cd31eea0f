/** Values of conf.yaml as the server tells them, looked into; pure. */

import { isObject } from "@open-llm-vtuber/shared/kept";

import type { Path } from "./schema_fields";

/** Return what stands at a path; undefined where nothing does. */
export function at(values: unknown, path: Path): unknown {
  let found = values;
  for (const key of path) {
    if (!isObject(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found ?? undefined; // a key without a value says nothing
}

/** Return whether a secret is there, of what the server tells in its place; null where it is none. */
export function secretAt(value: unknown): boolean | null {
  if (!isObject(value) || typeof value["set"] !== "boolean") return null;
  return Object.keys(value).length === 1 ? value["set"] : null;
}

/** Whether a secret stands anywhere in a value: it cannot be written back as it is. */
export function holdsSecret(value: unknown): boolean {
  if (secretAt(value) !== null) return true;
  if (!isObject(value)) return Array.isArray(value) && value.some(holdsSecret);
  return Object.values(value).some(holdsSecret);
}

/** Whether two values are the same, whatever the order of their keys. */
export function same(one: unknown, other: unknown): boolean {
  return written(one) === written(other);
}

/** Return a value on one line, as a person reads it. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value.replace(/\s+/g, " ").trim();
  if (Array.isArray(value) && value.every((one) => typeof one !== "object")) {
    return value.join(", ");
  }
  return typeof value === "object" ? JSON.stringify(value) : `${value}`;
}

/** Return what was typed as the number that it says; as the text that it is where it says none. */
export function numberIn(text: string): number | string {
  const plain = text.trim().replace(",", ".");
  const number = Number(plain);
  return plain === "" || !Number.isFinite(number) ? text : number;
}

function written(value: unknown): string {
  return (
    JSON.stringify(value, (_, one: unknown) =>
      isObject(one) ? Object.fromEntries(Object.entries(one).sort()) : one,
    ) ?? ""
  );
}
