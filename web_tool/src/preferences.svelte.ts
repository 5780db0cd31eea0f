/** Language and theme as the person wants them: two of the settings of the page at /. */

import { isOneOf, keep, readKept, SETTINGS } from "../../frontend/src/session/kept";
import { CODES, DICTIONARY, type Code, type Words } from "./i18n";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

class Preferences {
  #language: Code = $state(stored().language ?? spokenHere());
  #theme: Theme = $state(stored().theme ?? "auto");

  constructor() {
    addEventListener("storage", () => {
      this.#language = stored().language ?? spokenHere();
      this.#theme = stored().theme ?? "auto";
    });
  }

  get language(): Code {
    return this.#language;
  }

  set language(language: Code) {
    this.#language = language;
    keep("localStorage", SETTINGS, { language });
  }

  get theme(): Theme {
    return this.#theme;
  }

  set theme(theme: Theme) {
    this.#theme = theme;
    keep("localStorage", SETTINGS, { theme });
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

/** Returns what was chosen; "auto" as a language is not one of this page's. */
function stored(): Partial<{ language: Code; theme: Theme }> {
  return readKept<{ language: Code; theme: Theme }>("localStorage", SETTINGS, {
    language: isOneOf(...CODES),
    theme: isOneOf(...THEMES),
  });
}
