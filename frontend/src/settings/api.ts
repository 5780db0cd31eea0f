/** The server's settings over HTTP: docs/settings-api.md. What comes is checked where it comes in. */

import { address } from "@open-llm-vtuber/shared/access";
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

import { UNREACHABLE } from "../session/unreachable";
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
  readonly restart: readonly string[];
  readonly warnings: readonly string[];
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

export interface Problem {
  /** With dots; "" where it is of no key. */
  readonly path: string;
  readonly error: string;
}

/** Why something was not done, in the server's own words. */
export interface Refusal {
  /** 0: the server was not reached. */
  readonly status: number;
  readonly error: string;
  readonly problems: readonly Problem[];
}

export type Answer<T> = { readonly value: T } | { readonly refusal: Refusal };
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
const isSaved = isMadeOf<Saved>({
  etag: isText,
  restart: isListOf(isText),
  warnings: isListOf(isText),
});
const isTried = isMadeOf<Tried>({ sound: orNull(isText), text: isText, took_s: isNumber });
const isVoices = isMadeOf<Voices>({
  engine: isText,
  key: isText,
  voices: isListOf(
    isMadeOf<Voice>({ id: isText, name: isText, languages: isListOf(isText), gender: isText }),
  ),
});
const isProblem = isMadeOf<Problem>({ path: isText, error: isText });

export function fetchSchema(): Promise<Answer<JsonSchema>> {
  return ask("/schema", {}, isSchema);
}

/** Return what conf.yaml says; null where it still is what it was at `etag`. */
export async function fetchValues(etag = ""): Promise<Answer<Values | null>> {
  const headers: HeadersInit = etag ? { "If-None-Match": `"${etag}"` } : {};
  return ask("", { headers }, isValues);
}

export function save(etag: string, edits: readonly Edit[], code: string): Promise<Answer<Saved>> {
  return ask("", { method: "PATCH", ...json({ etag, edits, code }) }, isSaved);
}

export function takeBack(etag: string): Promise<Answer<Saved>> {
  return ask("/undo", { method: "POST", ...json({ etag }) }, isSaved);
}

/** Try something with edits that are not saved. */
export function attempt(
  kind: TrialKind,
  edits: readonly Edit[],
  more: { text?: string; file?: Blob },
  signal: AbortSignal,
): Promise<Answer<Tried>> {
  const form = new FormData();
  form.set("kind", kind);
  form.set("edits", JSON.stringify(edits));
  form.set("text", more.text ?? "");
  if (more.file) form.set("file", more.file, "said.wav");
  return ask("/try", { method: "POST", body: form, signal }, isTried);
}

export function fetchVoices(edits: readonly Edit[], signal: AbortSignal): Promise<Answer<Voices>> {
  return ask("/voices", { method: "POST", ...json({ edits }), signal }, isVoices);
}

function json(body: unknown): RequestInit {
  return { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
}

/** Ask; never throws. An answer that is none of this API is a refusal as well. */
async function ask<T>(path: string, request: RequestInit, check: Check<T>): Promise<Answer<T>> {
  let status = 0;
  try {
    const answer = await fetch(address(`/api/config${path}`), { cache: "no-store", ...request });
    ({ status } = answer);
    if (status === 304) return { value: null as T };
    const told: unknown = await answer.json();
    if (answer.ok && check(told)) return { value: told };
    const error = isObject(told) && isText(told["error"]) ? told["error"] : `HTTP ${status}`;
    const problems =
      isObject(told) && isListOf(isProblem)(told["problems"]) ? told["problems"] : [];
    return { refusal: { status, error, problems } };
  } catch (error) {
    if (!request.signal?.aborted) console.warn("The server did not answer.", error);
    return { refusal: { status, error: UNREACHABLE, problems: [] } };
  }
}
