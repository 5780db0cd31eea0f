/** What the first visit asks the server over HTTP: language models, voices, settings, words. */

import { address } from "@open-llm-vtuber/shared/access";

/** Why the server did not do it, in its own words; "" where it was not reached. */
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

export interface OwnModel {
  name: string;
  total_bytes: number;
  licence: string;
  here: boolean;
  tokens_per_s: number;
  has_room: boolean;
  best: boolean;
}

export interface Service {
  engine: string;
  account: string;
  host: string;
  model: string;
  /** The package that the installation lacks; "" where it has all. */
  missing: string;
}

export interface Minds {
  models: OwnModel[];
  services: Service[];
}

export interface MindSwitch {
  model: string;
  stage: "fetching" | "trying" | "done" | "failed" | "cancelled";
  done_bytes: number;
  total_bytes: number;
  error: string;
}

export interface Voice {
  id: string;
  name: string;
  languages: string[];
  gender: string;
}

export interface VoiceList {
  engine: string;
  voice: string;
  can_choose: boolean;
  voices: Voice[];
  speed: { value: number; slowest: number; fastest: number } | null;
}

export interface Edit {
  path: readonly string[];
  value: string | null;
}

export interface ConfigValues {
  values: Record<string, unknown>;
  etag: string;
}

/** What stands between the page and the server. All of them throw ApiError. */
export const api = {
  minds: () => ask<Minds>("GET", "/api/setup/minds"),
  mind: () => ask<MindSwitch | null>("GET", "/api/setup/mind"),
  chooseMind: (character: string, model: string) =>
    ask<MindSwitch>("POST", "/api/setup/mind", { character, model }),
  cancelMind: () => ask<MindSwitch | null>("DELETE", "/api/setup/mind"),
  voices: (character: string) =>
    ask<VoiceList>("GET", `/api/setup/voices?character=${encodeURIComponent(character)}`),
  chooseVoice: (character: string, wish: { voice?: string; speed?: number }) =>
    ask<VoiceList>("POST", "/api/setup/voice", { character, ...wish }),
  /** Return a voice that says something, as a WAV file. */
  sample: async (
    character: string,
    wish: { voice?: string; speed?: number; text: string },
  ): Promise<ArrayBuffer> => {
    const { sound } = await ask<{ sound: string }>("POST", "/api/setup/voice/sample", {
      character,
      ...wish,
    });
    return Uint8Array.from(atob(sound), (one) => one.charCodeAt(0)).buffer;
  },
  config: () => ask<ConfigValues>("GET", "/api/config"),
  save: (etag: string, edits: readonly Edit[], code = "") =>
    ask<{ etag: string }>("PATCH", "/api/config", { etag, edits, code }),
  undo: (etag: string) => ask<{ etag: string }>("POST", "/api/config/undo", { etag }),
  /** Have the language model answer, with settings that are not saved. */
  tryMind: (edits: readonly Edit[]) => {
    const form = new FormData();
    form.set("kind", "mind");
    form.set("edits", JSON.stringify(edits));
    return ask<{ text: string }>("POST", "/api/config/try", form);
  },
  /** Return the words in a WAV file. */
  transcribe: (wav: ArrayBuffer) => {
    const form = new FormData();
    form.set("file", new File([wav], "test.wav", { type: "audio/wav" }));
    return ask<{ text: string }>("POST", "/asr", form);
  },
};

async function ask<T>(method: string, path: string, body?: object): Promise<T> {
  const isForm = body instanceof FormData;
  let answer: Response;
  try {
    answer = await fetch(address(path), {
      method,
      ...(body && { body: isForm ? body : JSON.stringify(body) }),
      ...(body && !isForm && { headers: { "Content-Type": "application/json" } }),
    });
  } catch (error) {
    throw new ApiError(0, error instanceof Error ? error.message : `${error}`);
  }
  const told: unknown = await answer.json().catch(() => null);
  if (answer.ok) return told as T;
  const why = told !== null && typeof told === "object" && "error" in told ? told.error : "";
  throw new ApiError(answer.status, typeof why === "string" ? why : `HTTP ${answer.status}`);
}
