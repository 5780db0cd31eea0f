/** The words of the first visit in every language of the page; they are loaded with it. */

import type { Language } from "@open-llm-vtuber/shared/i18n/language";

import { welcome as en } from "../i18n/en/welcome";
import { welcome as zh } from "../i18n/zh/welcome";

export const WORDS: Readonly<Record<Language, typeof en>> = { en, zh };
