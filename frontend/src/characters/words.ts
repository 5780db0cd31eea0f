/** The words of this sheet: they are loaded with it, so that the first sight need not wait for them. */

import type { Language } from "@open-llm-vtuber/shared/i18n/language";

import { characters as en } from "../i18n/en/characters";
import { lore as loreEn } from "../i18n/en/lore";
import { characters as zh } from "../i18n/zh/characters";
import { lore as loreZh } from "../i18n/zh/lore";

export type CharacterWords = typeof en & { readonly lore: typeof loreEn };

const LANGUAGES: Record<Language, CharacterWords> = {
  en: { ...en, lore: loreEn },
  zh: { ...zh, lore: loreZh },
};

export function wordsOf(language: Language): CharacterWords {
  return LANGUAGES[language];
}
