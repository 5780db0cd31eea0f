/** Language and theme as the person wants them, kept in this browser. */

import { CODES, DICTIONARY, type Code, type Words } from "./i18n";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const LANGUAGE_KEY = "web-tool.language";
const THEME_KEY = "web-tool.theme";

class Preferences {
  language: Code = $state(kept(LANGUAGE_KEY, CODES) ?? spokenHere());
  theme: Theme = $state(kept(THEME_KEY, THEMES) ?? "auto");

  /** The words of the page in the language chosen. */
  get words(): Words {
    return DICTIONARY[this.language];
  }

  /** Makes the document follow; to be called from an effect. */
  apply(): void {
    const root = document.documentElement;
    root.lang = this.language === "zh" ? "zh-CN" : "en";
    document.title = `${this.words.title} · Open-LLM-VTuber`;
    if (this.theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = this.theme;
    keep(LANGUAGE_KEY, this.language);
    keep(THEME_KEY, this.theme);
  }
}

export const preferences = new Preferences();

function spokenHere(): Code {
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

function kept<Value extends string>(key: string, values: readonly Value[]): Value | undefined {
  try {
    const text = localStorage.getItem(key);
    return values.find((value) => value === text);
  } catch {
    return undefined; // a browser that stores nothing refuses to be asked
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // it holds for this visit then
  }
}
