/** What the first visit asks the server over HTTP besides its settings. All of it throws ApiError. */

import {
  isBetween,
  isFlag,
  isListOf,
  isMadeOf,
  isOneOf,
  isText,
  orNull,
} from "@open-llm-vtuber/shared/kept";

import { ask } from "../session/http";

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

const isCount = isBetween(0, Infinity);
const isMinds = isMadeOf<Minds>({
  models: isListOf(
    isMadeOf<OwnModel>({
      name: isText,
      total_bytes: isCount,
      licence: isText,
      here: isFlag,
      tokens_per_s: isCount,
      has_room: isFlag,
      best: isFlag,
    }),
  ),
  services: isListOf(
    isMadeOf<Service>({
      engine: isText,
      account: isText,
      host: isText,
      model: isText,
      missing: isText,
    }),
  ),
});
const isSwitch = orNull(
  isMadeOf<MindSwitch>({
    model: isText,
    stage: isOneOf("fetching", "trying", "done", "failed", "cancelled"),
    done_bytes: isCount,
    total_bytes: isCount,
    error: isText,
  }),
);
const hasText = isMadeOf<{ text: string }>({ text: isText });

const CHOICE = "/api/minds/choice";

export function fetchMinds(): Promise<Minds> {
  return ask("/api/minds", isMinds);
}

/** Return how far the last choice is; null where there was none since the server was started. */
export function fetchChoice(): Promise<MindSwitch | null> {
  return ask(CHOICE, isSwitch);
}

/** Have a model think for a character, by its file. */
export function chooseMind(character: string, model: string): Promise<MindSwitch | null> {
  return ask(CHOICE, isSwitch, { method: "POST", json: { character, model } });
}

export function cancelChoice(): Promise<MindSwitch | null> {
  return ask(CHOICE, isSwitch, { method: "DELETE" });
}

/** Return the words in a WAV file. */
export async function transcribe(wav: ArrayBuffer): Promise<string> {
  const form = new FormData();
  form.set("file", new File([wav], "test.wav", { type: "audio/wav" }));
  return (await ask("/asr", hasText, { method: "POST", form })).text;
}
