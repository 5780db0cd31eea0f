/** Characters heard and asked before they are saved, and the voices that there are. */

import { asked, type Fields } from "./characters_api";

/** An engine that can speak. */
export interface VoiceEngine {
  readonly name: string;
  /** What it is, in a line; English. */
  readonly about: string;
  /** Whether there are several whom it can speak as. */
  readonly has_voices: boolean;
}

/** Whom an engine can speak as. */
export interface Voice {
  readonly id: string;
  readonly name: string;
  readonly languages: readonly string[];
  readonly gender: string;
}

export interface Trial {
  /** A WAV file in Base64; null where nothing was said. */
  readonly sound: string | null;
  readonly text: string;
  readonly took_s: number;
}

export function voiceEngines(): Promise<VoiceEngine[]> {
  return asked("/character-voices");
}

/** Return whom an engine speaks as, which is loaded for it; none where it does not say. */
export async function voices(
  file: string,
  fields: Partial<Fields>,
  signal: AbortSignal,
): Promise<readonly Voice[]> {
  const body = { file: file || null, fields };
  return (await asked<{ voices: Voice[] }>("/character-voices", "POST", body, signal)).voices;
}

/** Hear a character, or ask something, as it would be with `fields`; nothing is saved. */
export function attempt(
  kind: "voice" | "mind",
  file: string,
  fields: Partial<Fields>,
  text: string,
  signal: AbortSignal,
): Promise<Trial> {
  return asked("/character-trials", "POST", { kind, file: file || null, fields, text }, signal);
}

/** So long a text may be that is said or asked. */
const MOST_CHARS = 500;

/** Return what a character says to be heard: the beginning of the greeting, with the names in it. */
export function sample({ greeting, human_name }: Fields, name: string): string {
  const named = greeting
    .replaceAll(/\{\{char\}\}/gi, name)
    .replaceAll(/\{\{user\}\}/gi, human_name);
  return named.trim().slice(0, MOST_CHARS);
}

/** Return the bytes of the file that came of a trial. */
export function soundOf(sound: string): ArrayBuffer {
  return Uint8Array.from(atob(sound), (char) => char.charCodeAt(0)).buffer;
}
