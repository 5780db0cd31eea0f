/** The words of the form, in the language of the page; they come with it, not with the page. */

import type { Language } from "@open-llm-vtuber/shared/i18n/language";

import { configForm as en, type ConfigFormWords } from "../i18n/en/config_form";
import { configForm as zh } from "../i18n/zh/config_form";
import { spelled } from "./names";

const LANGUAGES: Readonly<Record<Language, ConfigFormWords>> = { en, zh };

export function formWords(language: Language): ConfigFormWords {
  return LANGUAGES[language];
}

/** Return what a key is called. */
export function nameOf(words: ConfigFormWords, key: string): string {
  return words.names[key] ?? spelled(key);
}
