/** Looks over HTTP, see docs/live2d.md. What comes is checked where it comes in. */

import { address } from "@open-llm-vtuber/shared/access";
import {
  isFlag,
  isListOf,
  isMadeOf,
  isObject,
  isOneOf,
  isText,
  orNull,
  type Check,
} from "@open-llm-vtuber/shared/kept";

import type { ModelInfo } from "../avatar/model_info";

export type Value = number | string;
/** Feeling -> the expression that shows it. */
export type Emotions = Readonly<Record<string, Value>>;
export type Kind = "rig" | "live2d" | "vrm";

export interface Look {
  readonly name: string;
  readonly kind: Kind;
  /** Its address below the server's. */
  readonly picture: string | null;
  /** Whether a person added it. */
  readonly removable: boolean;
  readonly model: ModelInfo;
}

export interface Face {
  readonly name: string;
  readonly value: Value;
}

/** A model in what was given, as it would be drawn and kept. */
export interface LookModel {
  readonly file: string;
  readonly kind: Kind;
  readonly name: string;
  readonly expressions: readonly Face[];
  readonly emotions: Emotions;
  readonly missing: readonly string[];
  readonly notes: readonly string[];
  readonly licence: string;
  readonly model: ModelInfo;
}

/** What the face of a look that is kept can show. */
export interface LookFaces {
  readonly look: Look;
  readonly expressions: readonly Face[];
  readonly emotions: Emotions;
}

export interface Draft {
  readonly id: string;
  readonly models: readonly LookModel[];
  readonly notes: readonly string[];
  readonly licence: string;
}

export interface Gone {
  readonly id: string;
  readonly name: string;
}

/** The server refused; the message says why, in its words. */
export class LookRefused extends Error {
  override name = "LookRefused";

  /** `status` is 0 where the server was not reached. */
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const isKind = isOneOf("rig", "live2d", "vrm");
const isValue: Check<Value> = (value): value is Value =>
  typeof value === "string" || typeof value === "number";
const isInfo: Check<ModelInfo> = (value): value is ModelInfo =>
  isObject(value) && isText(value["url"]);
const isEmotions: Check<Emotions> = (value): value is Emotions =>
  isObject(value) && Object.values(value).every(isValue);
const isFaces = isListOf(isMadeOf<Face>({ name: isText, value: isValue }));
const isLook = isMadeOf<Look>({
  name: isText,
  kind: isKind,
  picture: orNull(isText),
  removable: isFlag,
  model: isInfo,
});
const isLookFaces = isMadeOf<LookFaces>({
  look: isLook,
  expressions: isFaces,
  emotions: isEmotions,
});
const isModel = isMadeOf<LookModel>({
  file: isText,
  kind: isKind,
  name: isText,
  expressions: isFaces,
  emotions: isEmotions,
  missing: isListOf(isText),
  notes: isListOf(isText),
  licence: isText,
  model: isInfo,
});
const isDraft = isMadeOf<Draft>({
  id: isText,
  models: isListOf(isModel),
  notes: isListOf(isText),
  licence: isText,
});
const isGone = isMadeOf<Gone>({ id: isText, name: isText });
const isId = isMadeOf<{ id: string }>({ id: isText });
const isAnything = (value: unknown): value is unknown => value !== undefined;

export const listed = (): Promise<Look[]> => ask("GET", "/looks", isListOf(isLook));
export const deleted = (): Promise<Gone[]> => ask("GET", "/deleted-looks", isListOf(isGone));

export function faces(name: string): Promise<LookFaces> {
  return ask("GET", `/looks/${encodeURIComponent(name)}`, isLookFaces);
}

/** Have a look show other faces; what is not named shows none. */
export function setFaces(name: string, emotions: Emotions): Promise<Look> {
  const path = `/looks/${encodeURIComponent(name)}`;
  return ask("PATCH", path, isLook, JSON.stringify({ emotions }));
}

export async function remove(name: string): Promise<string> {
  return (await ask("DELETE", `/looks/${encodeURIComponent(name)}`, isId)).id;
}

export async function restore(id: string): Promise<void> {
  await ask("POST", `/deleted-looks/${encodeURIComponent(id)}`, isAnything);
}

export function keep(draft: string, file: string, name: string, emotions: Emotions): Promise<Look> {
  const path = `/look-drafts/${encodeURIComponent(draft)}`;
  return ask("POST", path, isLook, JSON.stringify({ file, name, emotions }));
}

export async function drop(draft: string): Promise<void> {
  await ask("DELETE", `/look-drafts/${encodeURIComponent(draft)}`, isAnything);
}

/** Give a look to a character; `file` is as in the list of characters. */
export async function wear(file: string, name: string): Promise<void> {
  const path = `/characters/${file.split("/").map(encodeURIComponent).join("/")}`;
  await ask("PATCH", path, isAnything, JSON.stringify({ fields: { live2d_model_name: name } }));
}

/** Send a file; `onShare` is told how much of it has gone, 0..1. Throws LookRefused. */
export function send(
  file: Blob,
  name: string,
  onShare: (share: number) => void,
  signal: AbortSignal,
): Promise<Draft> {
  const url = new URL(address("/looks"));
  url.searchParams.set("name", name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch() does not say how far it is
    request.open("POST", url);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = ({ loaded, total }) => onShare(total > 0 ? loaded / total : 0);
    request.onload = () => {
      try {
        resolve(understood(request.status, request.responseText, isDraft));
      } catch (error) {
        reject(error instanceof Error ? error : new LookRefused(0, ""));
      }
    };
    request.onerror = () => reject(new LookRefused(0, ""));
    request.onabort = () => reject(new DOMException("given up", "AbortError"));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}

async function ask<T>(method: string, path: string, check: Check<T>, body?: string): Promise<T> {
  let answer: Response;
  let text: string;
  try {
    const headers = body === undefined ? {} : { "Content-Type": "application/json" };
    answer = await fetch(address(path), { method, headers, body: body ?? null });
    text = await answer.text();
  } catch {
    throw new LookRefused(0, "");
  }
  return understood(answer.status, text, check);
}

function understood<T>(status: number, text: string, check: Check<T>): T {
  let found: unknown = null;
  try {
    found = text === "" ? null : JSON.parse(text);
  } catch {
    found = null;
  }
  if (status >= 200 && status < 300 && check(found)) return found;
  const error = isObject(found) && isText(found["error"]) ? found["error"] : "";
  throw new LookRefused(status, error || `HTTP ${status}`);
}
