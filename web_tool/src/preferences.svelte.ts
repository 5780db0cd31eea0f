/** Language and theme as the person wants them: two of the settings of the page at /. */

import { dress, THEMES, type Theme } from "@open-llm-vtuber/shared/appearance";
import { CODES, spoken, type Language } from "@open-llm-vtuber/shared/i18n/language";
import { isOneOf, SETTINGS } from "@open-llm-vtuber/shared/kept";
import { Preferences } from "@open-llm-vtuber/shared/preferences.svelte";

import { DICTIONARY, type Words } from "./i18n";

interface Choices {
  language: Language | "auto";
  theme: Theme;
}

class ToolPreferences extends Preferences<Choices> {
  constructor() {
    super(SETTINGS, { language: isOneOf("auto", ...CODES), theme: isOneOf(...THEMES) }, () => ({
      language: "auto",
      theme: "auto",
    }));
  }

  /** The language that is spoken, also where none was chosen. */
  get language(): Language {
    return spoken(this.now.language);
  }

  set language(language: Language) {
    this.set({ language });
  }

  get theme(): Theme {
    return this.now.theme;
  }

  set theme(theme: Theme) {
    this.set({ theme });
  }

  /** The words of the page in the language chosen. */
  get words(): Words {
    return DICTIONARY[this.language];
  }

  /** Makes the document follow; to be called from an effect. */
  apply(): void {
    dress(`${this.words.title} · Open-LLM-VTuber`, this.language, this.theme);
  }
}

export const preferences = new ToolPreferences();
