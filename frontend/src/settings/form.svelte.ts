/** The form for conf.yaml: its draft and its trials; components find it through `getForm`. */

import { createContext } from "svelte";

import type { Page } from "../session/page.svelte";
import { fetchSchema, fetchValues, save, takeBack } from "./api";
import { ConfigDraft } from "./config_draft.svelte";
import type { Field, Group } from "./schema_fields";
import { Trials } from "./trials.svelte";
import { formWords, nameOf, told } from "./words";

export class Form {
  readonly draft: ConfigDraft;
  readonly trials: Trials;
  readonly words = $derived.by(() => formWords(this.#page.words.language));
  /** What is looked at, and looked for; it is there again when the sheet is opened again. */
  group = $state<Group>("voice");
  query = $state("");
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.draft = new ConfigDraft({ fetchSchema, fetchValues, save, takeBack }, (language) => {
      const found = page.choices.languages?.languages.find((one) => one.language === language);
      return found ? { asr: found.asr.engine, tts: found.tts.engine } : {};
    });
    this.trials = new Trials(page.output);
  }

  /** Return what a key or a section is called, by its path with dots. */
  nameOf(id: string): string {
    return nameOf(this.words, id);
  }

  /** Return what the server says of a field, in the language of the page where that is known. */
  told({ description, control }: Field): string {
    const isSwitch = control.type === "switch";
    const isChoice = control.type === "choice";
    const hasFlag =
      isSwitch || (isChoice && control.options.some(({ value }) => typeof value === "boolean"));
    return told(this.words, description, hasFlag);
  }

  /** Whether the page says that in its own language. */
  isTranslated(english: string): boolean {
    return this.#page.words.language === "en" || english in this.words.translations;
  }

  /** Follow what becomes of conf.yaml until the returned function is called. */
  follow(): () => void {
    const look = (): void => void this.draft.load();
    look();
    // The server tells this after every change, whoever has made it; a hand on the file tells nobody.
    const stop = this.#page.connection.on("config-warnings", look);
    const leaving = new AbortController();
    addEventListener("focus", look, { signal: leaving.signal });
    return () => {
      stop();
      leaving.abort();
      this.trials.end();
    };
  }
}

const forms = new WeakMap<Page, Form>();

/** Return the form of a page: what is not saved lasts as long as that, though the sheet be closed. */
export function formOf(page: Page): Form {
  let form = forms.get(page);
  if (!form) {
    // What is derived in it would end with the sheet that asks first.
    $effect.root(() => void forms.set(page, new Form(page)));
    form = forms.get(page);
  }
  if (!form) throw new Error("There is no form.");
  return form;
}

export const [getForm, setForm] = createContext<Form>();
