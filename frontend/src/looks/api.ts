/** Looks over HTTP: docs/live2d.md. All of it throws ApiError. */

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
import { ApiError, ask, inPath, understood } from "../session/http";

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

export function listed(): Promise<Look[]> {
  return ask("/looks", isListOf(isLook));
}

export function deleted(): Promise<Gone[]> {
  return ask("/deleted-looks", isListOf(isGone));
}

export function faces(name: string): Promise<LookFaces> {
  return ask(`/looks/${encodeURIComponent(name)}`, isLookFaces);
}

/** Have a look show other faces; what is not named shows none. */
export function setFaces(name: string, emotions: Emotions): Promise<Look> {
  const json = { emotions };
  return ask(`/looks/${encodeURIComponent(name)}`, isLook, { method: "PATCH", json });
}

/** Delete a look; return what it is had back by. */
export async function remove(name: string): Promise<string> {
  return (await ask(`/looks/${encodeURIComponent(name)}`, isId, { method: "DELETE" })).id;
}

export async function restore(id: string): Promise<void> {
  await ask(`/deleted-looks/${encodeURIComponent(id)}`, isAnything, { method: "POST" });
}

export function keep(draft: string, file: string, name: string, emotions: Emotions): Promise<Look> {
  const json = { file, name, emotions };
  return ask(`/look-drafts/${encodeURIComponent(draft)}`, isLook, { method: "POST", json });
}

export async function drop(draft: string): Promise<void> {
  await ask(`/look-drafts/${encodeURIComponent(draft)}`, isAnything, { method: "DELETE" });
}

/** Give a look to a character; `file` is as in the list of characters. */
export async function wear(file: string, name: string): Promise<void> {
  const json = { fields: { live2d_model_name: name } };
  await ask(`/characters/${inPath(file)}`, isAnything, { method: "PATCH", json });
}

/** Send a file; `onShare` is told how much of it has gone, 0..1. Throws what the signal says, too. */
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
        reject(error);
      }
    };
    request.onerror = () => reject(new ApiError(0));
    request.onabort = () => reject(signal.reason);
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}
