/** Language and theme as the person wants them: the same choices as those of the page at /. */

import { CODES, DICTIONARY, type Code, type Words } from "./i18n";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** Where the page at / keeps its settings, as JSON; this page touches two of them only. */
const KEY = "open-llm-vtuber:settings";

class Preferences {
  #language: Code = $state(CODES.find((code) => code === stored().language) ?? spokenHere());
  #theme: Theme = $state(THEMES.find((theme) => theme === stored().theme) ?? "auto");

  get language(): Code {
    return this.#language;
  }

  set language(language: Code) {
    this.#language = language;
    store({ language });
  }

  get theme(): Theme {
    return this.#theme;
  }

  set theme(theme: Theme) {
    this.#theme = theme;
    store({ theme });
  }

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
  }
}

export const preferences = new Preferences();

function spokenHere(): Code {
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** Returns all settings that are kept; none if this browser keeps nothing, or nothing readable. */
function stored(): Record<string, unknown> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof kept === "object" && kept ? { ...kept } : {};
  } catch (error) {
    console.warn("The settings that were kept could not be read; the defaults are used.", error);
    return {};
  }
}

function store(change: { language: Code } | { theme: Theme }): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...stored(), ...change }));
  } catch (error) {
    console.warn("The choice lasts for this visit, since the browser keeps nothing.", error);
  }
}
