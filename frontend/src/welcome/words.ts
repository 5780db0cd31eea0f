/** The words of the first visit in every language of the page; they are loaded with it. */

import type { Language } from "@open-llm-vtuber/shared/i18n/language";

import { spoken as spokenEn } from "../i18n/en/spoken";
import { welcome as en } from "../i18n/en/welcome";
import { spoken as spokenZh } from "../i18n/zh/spoken";
import { welcome as zh } from "../i18n/zh/welcome";

type WelcomeWords = typeof en & { readonly spoken: typeof spokenEn };

export const WORDS: Readonly<Record<Language, WelcomeWords>> = {
  en: { ...en, spoken: spokenEn },
  zh: { ...zh, spoken: spokenZh },
};
