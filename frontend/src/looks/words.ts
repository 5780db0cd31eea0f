/** The words of the sheet of looks, in the language of the page; they come with it. */

import type { Language } from "@open-llm-vtuber/shared/i18n/language";

import { looks as en, type LookWords } from "../i18n/en/looks";
import { looks as zh } from "../i18n/zh/looks";

const LANGUAGES: Readonly<Record<Language, LookWords>> = { en, zh };

export function lookWords(language: Language): LookWords {
  return LANGUAGES[language];
}
