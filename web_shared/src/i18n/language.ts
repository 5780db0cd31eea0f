/** The languages that the pages speak, and which of them is meant. */

export const CODES = ["en", "zh"] as const;
export type Language = (typeof CODES)[number];

/** Each in itself. */
export const NAMES: Readonly<Record<Language, string>> = { en: "English", zh: "中文" };
/** What Intl and the document call them. */
export const TAGS: Readonly<Record<Language, string>> = { en: "en", zh: "zh-CN" };

/** Return a language that was chosen; "auto" is the first that the browser prefers and we speak. */
export function spoken(chosen: Language | "auto"): Language {
  if (chosen !== "auto") return chosen;
  const known = navigator.languages
    .map((tag) => tag.slice(0, 2).toLowerCase())
    .find((tag): tag is Language => CODES.some((code) => code === tag));
  return known ?? "en";
}
