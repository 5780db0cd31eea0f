/** Lists and tables of conf.yaml as rows of texts that can be written in, and back; pure. */

import { isObject } from "@open-llm-vtuber/shared/kept";

import type { Control } from "./schema_fields";
import { numberIn, shown } from "./values";

export type RowsControl = Extract<Control, { type: "list" | "entries" | "table" }>;
export type Row = readonly string[];

/** Return how many texts a row has. */
export function widthOf(control: RowsControl): number {
  if (control.type === "list") return 1;
  return control.type === "table" ? 2 : control.columns.length;
}

export function rowsOf(control: RowsControl, value: unknown): Row[] {
  if (control.type === "table") {
    return isObject(value) ? Object.entries(value).map(([key, one]) => [key, shown(one)]) : [];
  }
  if (!Array.isArray(value)) return [];
  if (control.type === "list") return value.map((one) => [shown(one)]);
  return value.map((one) => control.columns.map((name) => textOf(isObject(one) ? one[name] : "")));
}

/** Return what rows say; those that are not begun say nothing. */
export function valueOf(control: RowsControl, rows: readonly Row[]): unknown {
  if (control.type === "table") {
    const entries = rows.filter(([key]) => key?.trim());
    return Object.fromEntries(entries.map(([key = "", value = ""]) => [key.trim(), value]));
  }
  const begun = rows.filter((row) => row.some((text) => text.trim()));
  if (control.type === "list") {
    return begun.map(([text = ""]) => (control.of === "number" ? numberIn(text) : text));
  }
  return begun.map((row) =>
    Object.fromEntries(control.columns.map((name, at) => [name, row[at] ?? ""])),
  );
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : shown(value);
}
