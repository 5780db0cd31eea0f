/** The words of the sheet of looks, in the language of the page; they come with it. */

import type { Language } from "@open-llm-vtuber/shared/i18n/language";

import { lookFaces as facesEn } from "../i18n/en/look_faces";
import { looks as en, type LookWords } from "../i18n/en/looks";
import { lookFaces as facesZh } from "../i18n/zh/look_faces";
import { looks as zh } from "../i18n/zh/looks";

export type AllLookWords = LookWords & typeof facesEn;

const LANGUAGES: Readonly<Record<Language, AllLookWords>> = {
  en: { ...en, ...facesEn },
  zh: { ...zh, ...facesZh },
};

export function lookWords(language: Language): AllLookWords {
  return LANGUAGES[language];
}
