/** Characters heard and asked before they are saved, and the voices there are. All throw ApiError. */

import { isFlag, isListOf, isMadeOf, isText } from "@open-llm-vtuber/shared/kept";

import { ask } from "../session/http";
import { isTried, isVoices, type Tried, type Voices } from "../settings/api";
import type { Fields } from "./characters_api";

/** An engine that can speak. */
export interface VoiceEngine {
  readonly name: string;
  /** What it is, in a line; English. */
  readonly about: string;
  /** Whether there are several whom it can speak as. */
  readonly has_voices: boolean;
}

const isEngine = isMadeOf<VoiceEngine>({ name: isText, about: isText, has_voices: isFlag });

export function voiceEngines(): Promise<VoiceEngine[]> {
  return ask("/character-voices", isListOf(isEngine));
}

/** Return whom an engine speaks as, which is loaded for it; none where it does not say. */
export function voices(
  file: string,
  fields: Partial<Fields>,
  signal: AbortSignal,
): Promise<Voices> {
  const json = { file: file || null, fields };
  return ask("/character-voices", isVoices, { method: "POST", json, signal });
}

/** Hear a character, or ask something, as it would be with `fields`; nothing is saved. */
export function attempt(
  kind: "voice" | "mind",
  file: string,
  fields: Partial<Fields>,
  text: string,
  signal: AbortSignal,
): Promise<Tried> {
  const json = { kind, file: file || null, fields, text };
  return ask("/character-trials", isTried, { method: "POST", json, signal });
}

/** So long a text may be that is said or asked. */
export const MOST_CHARS = 500;

/**
 * Return what a character says to be heard: the beginning of the greeting, with the names in it.
 *
 * @param user what she calls who hears her
 */
export function sample({ greeting }: Fields, name: string, user: string): string {
  const named = greeting.replaceAll(/\{\{char\}\}/gi, name).replaceAll(/\{\{user\}\}/gi, user);
  return named.trim().slice(0, MOST_CHARS);
}
