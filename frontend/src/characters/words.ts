/** The words of this sheet: they are loaded with it, so that the first sight need not wait for them. */

import type { Language } from "@open-llm-vtuber/shared/i18n/language";

import { characters as en } from "../i18n/en/characters";
import { lacks as lacksEn } from "../i18n/en/lacks";
import { lore as loreEn } from "../i18n/en/lore";
import { characters as zh } from "../i18n/zh/characters";
import { lacks as lacksZh } from "../i18n/zh/lacks";
import { lore as loreZh } from "../i18n/zh/lore";

export type CharacterWords = typeof en & {
  readonly lacks: typeof lacksEn;
  readonly lore: typeof loreEn;
};

const LANGUAGES: Record<Language, CharacterWords> = {
  en: { ...en, lacks: lacksEn, lore: loreEn },
  zh: { ...zh, lacks: lacksZh, lore: loreZh },
};

export function wordsOf(language: Language): CharacterWords {
  return LANGUAGES[language];
}
