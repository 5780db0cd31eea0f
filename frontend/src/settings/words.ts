/** The words of the form, in the language of the page; they come with it, not with the page. */

import type { Language } from "@open-llm-vtuber/shared/i18n/language";

import { configForm as en, type ConfigFormWords } from "../i18n/en/config_form";
import { configForm as zh } from "../i18n/zh/config_form";
import { spelled } from "./names";

const LANGUAGES: Readonly<Record<Language, ConfigFormWords>> = { en, zh };

export function formWords(language: Language): ConfigFormWords {
  return LANGUAGES[language];
}

/** Return what a key or a section is called, by its path with dots. */
export function nameOf({ names }: ConfigFormWords, id: string): string {
  const keys = id.split(".");
  const key = keys.at(-1) ?? "";
  return names[keys.slice(-2).join(".")] ?? names[key] ?? spelled(key);
}

/**
 * Return what the server says of a key, in the language of the page where that is known.
 *
 * @param hasSwitch whether yes and no are chosen: the server says true and false, as in conf.yaml
 */
export function told(words: ConfigFormWords, english: string, hasSwitch = false): string {
  const translated = words.translations[english];
  if (translated !== undefined || !hasSwitch) return translated ?? english;
  return english.replace(/\btrue\b/g, words.yes).replace(/\bfalse\b/g, words.no);
}
