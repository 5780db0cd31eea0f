/** The server's settings over HTTP: docs/settings-api.md. All of it throws ApiError. */

import {
  isFlag,
  isListOf,
  isMadeOf,
  isObject,
  isRecordOf,
  isText,
  orNull,
  type Check,
} from "@open-llm-vtuber/shared/kept";

import { ask } from "../session/http";
import type { JsonSchema } from "./json_schema";
import type { Path } from "./schema_fields";

export interface Edit {
  readonly path: Path;
  /** Null: the key goes, and its default holds. */
  readonly value: unknown;
}

export interface Values {
  readonly values: Record<string, unknown>;
  readonly etag: string;
  readonly can_undo: boolean;
  /** By kind, the engine in use. */
  readonly engines: Record<string, string>;
}

export interface Saved {
  readonly etag: string;
  /** The ids of what counts only when the server is started anew. */
  readonly restart: readonly string[];
}

export interface Tried {
  /** A WAV file in Base64. */
  readonly sound: string | null;
  readonly text: string;
  readonly took_s: number;
}

export interface Voice {
  readonly id: string;
  readonly name: string;
  readonly languages: readonly string[];
  readonly gender: string;
}

export interface Voices {
  readonly engine: string;
  readonly key: string;
  readonly voices: readonly Voice[];
}

export type TrialKind = "voice" | "ears" | "mind";

const isNumber: Check<number> = (value) => typeof value === "number";
/** What is in it is read as it comes: what is none of a schema has no control. */
const isSchema = (value: unknown): value is JsonSchema =>
  isObject(value) && isObject(value["$defs"]);
const isAnything: Check<Record<string, unknown>> = isObject;
const isValues = isMadeOf<Values>({
  values: isAnything,
  etag: isText,
  can_undo: isFlag,
  engines: isRecordOf(isText),
});
const isSaved = isMadeOf<Saved>({ etag: isText, restart: isListOf(isText) });
export const isTried = isMadeOf<Tried>({ sound: orNull(isText), text: isText, took_s: isNumber });
export const isVoices = isMadeOf<Voices>({
  engine: isText,
  key: isText,
  voices: isListOf(
    isMadeOf<Voice>({ id: isText, name: isText, languages: isListOf(isText), gender: isText }),
  ),
});

const CONFIG = "/api/config";

export function fetchSchema(): Promise<JsonSchema> {
  return ask(`${CONFIG}/schema`, isSchema);
}

/** Return what conf.yaml says; null where it still is what it was at `etag`. */
export function fetchValues(): Promise<Values>;
export function fetchValues(etag: string): Promise<Values | null>;
export function fetchValues(etag = ""): Promise<Values | null> {
  if (!etag) return ask(CONFIG, isValues);
  return ask(CONFIG, orNull(isValues), { headers: { "If-None-Match": `"${etag}"` } });
}

export function save(etag: string, edits: readonly Edit[], code = ""): Promise<Saved> {
  return ask(CONFIG, isSaved, { method: "PATCH", json: { etag, edits, code } });
}

/** Have conf.yaml be what it was before the last change. */
export function takeBack(etag: string): Promise<Saved> {
  return ask(`${CONFIG}/undo`, isSaved, { method: "POST", json: { etag } });
}

/** Try something with edits that are not saved. */
export function attempt(
  kind: TrialKind,
  edits: readonly Edit[],
  more: { text?: string; file?: Blob } = {},
  signal?: AbortSignal,
): Promise<Tried> {
  const form = new FormData();
  form.set("kind", kind);
  form.set("edits", JSON.stringify(edits));
  form.set("text", more.text ?? "");
  if (more.file) form.set("file", more.file, "said.wav");
  return ask(`${CONFIG}/try`, isTried, { method: "POST", form, signal });
}

/** Return whom the engine that speaks can speak as, with edits that are not saved. */
export function fetchVoices(edits: readonly Edit[] = [], signal?: AbortSignal): Promise<Voices> {
  return ask(`${CONFIG}/voices`, isVoices, { method: "POST", json: { edits }, signal });
}
