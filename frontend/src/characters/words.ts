/** The words of this sheet: they are loaded with it, so that the first sight need not wait for them. */

import type { Language } from "@open-llm-vtuber/shared/i18n/language";

import { characters as en } from "../i18n/en/characters";
import { characters as zh } from "../i18n/zh/characters";

export type CharacterWords = typeof en;

const LANGUAGES: Record<Language, CharacterWords> = { en, zh };

export function wordsOf(language: Language): CharacterWords {
  return LANGUAGES[language];
}
