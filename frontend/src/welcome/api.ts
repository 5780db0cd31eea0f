/** What the first visit asks the server over HTTP: language models, voices, settings, words. */

import { address } from "@open-llm-vtuber/shared/access";

import { UNREACHABLE } from "../session/unreachable";

/** Why the server did not do it, in its own words. */
export class ApiError extends Error {
  override name = "ApiError";

  constructor(
    /** Of HTTP; 0 where there was no answer. */
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** A language model that the server's computer could run. */
export interface OwnModel {
  readonly name: string;
  readonly total_bytes: number;
  readonly licence: string;
  readonly here: boolean;
  readonly tokens_per_s: number;
  readonly has_room: boolean;
  readonly best: boolean;
}

/** A service that thinks for who has a key. */
export interface Service {
  readonly engine: string;
  readonly account: string;
  readonly host: string;
  readonly model: string;
  /** The package that the installation lacks; "" where it has all. */
  readonly missing: string;
}

export interface Minds {
  readonly models: readonly OwnModel[];
  readonly services: readonly Service[];
}

/** How far the choice of a language model is. */
export interface MindSwitch {
  readonly model: string;
  readonly stage: "fetching" | "trying" | "done" | "failed" | "cancelled";
  readonly done_bytes: number;
  readonly total_bytes: number;
  readonly error: string;
}

export interface Voice {
  readonly id: string;
  readonly name: string;
  readonly languages: readonly string[];
  readonly gender: string;
}

/** Whom the engine of the voice can speak as. */
export interface VoiceList {
  readonly engine: string;
  /** The key of its section that names one; "" where it has but one. */
  readonly key: string;
  readonly voices: readonly Voice[];
}

export interface Edit {
  readonly path: readonly string[];
  readonly value: string | number | null;
}

export interface ConfigValues {
  readonly values: Readonly<Record<string, unknown>>;
  readonly etag: string;
}

/** What stands between the page and the server. All of them throw ApiError. */
export const api = {
  minds: () => ask<Minds>("GET", "/api/minds"),
  mind: () => ask<MindSwitch | null>("GET", "/api/minds/choice"),
  chooseMind: (character: string, model: string) =>
    ask<MindSwitch>("POST", "/api/minds/choice", { character, model }),
  cancelMind: () => ask<MindSwitch | null>("DELETE", "/api/minds/choice"),
  voices: () => ask<VoiceList>("POST", "/api/config/voices", { edits: [] }),
  schema: () => ask<unknown>("GET", "/api/config/schema"),
  config: () => ask<ConfigValues>("GET", "/api/config"),
  save: (etag: string, edits: readonly Edit[], code = "") =>
    ask<{ etag: string }>("PATCH", "/api/config", { etag, edits, code }),
  undo: (etag: string) => ask<{ etag: string }>("POST", "/api/config/undo", { etag }),
  /** Have the language model answer, with settings that are not saved. */
  tryMind: (edits: readonly Edit[]) => attempt("mind", edits, ""),
  /** Return what a voice says with settings that are not saved, as a WAV file. */
  sample: async (edits: readonly Edit[], text: string): Promise<ArrayBuffer> => {
    const { sound } = await attempt("voice", edits, text);
    return Uint8Array.from(atob(sound ?? ""), (one) => one.charCodeAt(0)).buffer;
  },
  /** Return the words in a WAV file. */
  transcribe: (wav: ArrayBuffer) => {
    const form = new FormData();
    form.set("file", new File([wav], "test.wav", { type: "audio/wav" }));
    return ask<{ text: string }>("POST", "/asr", form);
  },
};

function attempt(
  kind: "voice" | "mind",
  edits: readonly Edit[],
  text: string,
): Promise<{ sound: string | null; text: string }> {
  const form = new FormData();
  form.set("kind", kind);
  form.set("edits", JSON.stringify(edits));
  form.set("text", text);
  return ask("POST", "/api/config/try", form);
}

async function ask<T>(method: string, path: string, body?: object): Promise<T> {
  const isForm = body instanceof FormData;
  const url = address(path);
  let answer: Response;
  try {
    answer = await fetch(url, {
      method,
      ...(body && { body: isForm ? body : JSON.stringify(body) }),
      ...(body && !isForm && { headers: { "Content-Type": "application/json" } }),
    });
  } catch (error) {
    console.warn("The server did not answer.", error);
    throw new ApiError(0, UNREACHABLE);
  }
  const told: unknown = await answer.json().catch(() => null);
  if (answer.ok) return told as T;
  const why = told !== null && typeof told === "object" && "error" in told ? told.error : "";
  throw new ApiError(answer.status, typeof why === "string" && why ? why : `HTTP ${answer.status}`);
}
