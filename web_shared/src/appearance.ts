/** How a page looks and in which language it speaks, as far as the document has to know. */

import { TAGS, type Language } from "./i18n/language";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** Make the document follow; "auto" is as the system has it. */
export function dress(title: string, language: Language, theme: Theme): void {
  document.title = title;
  document.documentElement.lang = TAGS[language];
  document.documentElement.dataset.theme = theme;
}
