/** The voices of an engine, in the words of the page; pure. */

import type { Language } from "@open-llm-vtuber/shared/i18n/language";

import { voices as en, type VoiceWords } from "../i18n/en/voices";
import { voices as zh } from "../i18n/zh/voices";
import type { Voice } from "./api";

export const VOICE_WORDS: Readonly<Record<Language, VoiceWords>> = { en, zh };

/** Return what a language is called in another one, by their BCP 47 tags; some engines' are none. */
export function languageName(tag: string, inTag: string): string {
  try {
    return new Intl.DisplayNames(inTag, { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** Return what is known of a voice besides its name. */
export function aboutVoice(
  { languages, gender }: Pick<Voice, "languages" | "gender">,
  words: VoiceWords,
  inTag: string,
): string {
  const names = languages.map((tag) => languageName(tag, inTag));
  return [...names, words.genders[gender] ?? ""].filter(Boolean).join(", ");
}

/** Return the languages of voices, each once, without their regions. */
export function languagesOf(voices: readonly Pick<Voice, "languages">[]): string[] {
  const tags = voices.flatMap(({ languages }) => languages.map(baseOf));
  return [...new Set(tags)].toSorted();
}

/** Whether a voice speaks a language, in whichever region. */
export function speaks({ languages }: Pick<Voice, "languages">, language: string): boolean {
  return languages.some((tag) => baseOf(tag) === language);
}

function baseOf(tag: string): string {
  return tag.split("-", 1)[0] ?? tag;
}
