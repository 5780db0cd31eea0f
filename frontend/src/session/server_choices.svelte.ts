/** What of the server's own settings can be chosen here: language model, language, memory. */

import { Emitter } from "@open-llm-vtuber/shared/emitter";
import type { LanguageModels, Languages } from "@open-llm-vtuber/shared/protocol/messages";

import type { Connection } from "./connection.svelte";
import { outcomeOf, type Question, type RequestKind } from "./requests";
import type { Settings } from "./settings.svelte";

/** A language model of the server's computer. */
export interface Model {
  readonly server: string;
  readonly model: string;
}

/** `over`: what was offered is not any more, or not now; it is still on the page. */
export class ServerChoices extends Emitter<{ over: [] }> {
  /** Whether this page may change what the server's files say. */
  isAllowed = $state(false);
  /** What runs on the server's computer; null before that is known. */
  languageModels = $state.raw<LanguageModels | null>(null);
  /** Null before it is known. */
  languages = $state.raw<Languages | null>(null);
  /** Whether a choice is being tried or written. */
  isChoosing = $state(false);
  readonly models = $derived<readonly Model[]>(
    this.languageModels?.servers.flatMap(({ server, models }) =>
      models.map((model) => ({ server, model })),
    ) ?? [],
  );

  readonly servers = $derived([...new Set(this.models.map(({ server }) => server))]);
  /** Whether the character could have a better language model, and nobody has put that away. */
  readonly isOffered = $derived.by(() => {
    const isSuggested = this.languageModels?.suggested === true;
    const isOfUse = this.isAllowed && isSuggested && this.models.length > 0;
    return isOfUse && !this.#settings.now.hintsSeen.includes(this.#hint());
  });

  readonly #connection: Connection;
  readonly #settings: Settings;

  constructor(connection: Connection, settings: Settings) {
    super();
    this.#connection = connection;
    this.#settings = settings;
    connection.on("extensions-enabled", ({ extensions }) => {
      this.isAllowed = extensions.includes("settings");
      this.languageModels = this.languages = null;
    });
    // It comes after every change of the character, and at first.
    connection.on("set-model-and-conf", () => void this.look());
    connection.on("language-models", (models) => (this.languageModels = models));
    connection.on("languages", (languages) => (this.languages = languages));
  }

  /** Whether a model is the one that thinks for the character. */
  isUsed({ server, model }: Model): boolean {
    const told = this.languageModels;
    const engine = told?.servers.find((one) => one.server === server)?.engine;
    return engine === told?.engine && model === told?.model;
  }

  /** Ask what there is now. */
  async look(): Promise<void> {
    if (!this.isAllowed) return;
    await Promise.all([
      this.#done({ type: "fetch-language-models" }),
      this.#done({ type: "fetch-languages" }),
    ]);
  }

  /** Offer no more what there is now; another server is offered all the same. */
  putAway(): void {
    const { hintsSeen } = this.#settings.now;
    this.#settings.set({ hintsSeen: [...hintsSeen, this.#hint()] });
  }

  /** What was offered goes now: whose focus was there has to go elsewhere. */
  over(): void {
    this.emit("over");
  }

  /** Have a model answer from now on; return whether it does. Why it does not is told as an error. */
  chooseModel({ server, model }: Model): Promise<boolean> {
    return this.#choose({ type: "choose-language-model", server, model });
  }

  /** Have a language spoken from now on; return whether it is. */
  chooseLanguage(language: string): Promise<boolean> {
    return this.#choose({ type: "choose-language", language });
  }

  /** Have earlier conversations remembered from now on, or not; return whether that is so. */
  chooseRemembering(remembers: boolean): Promise<boolean> {
    return this.#choose({ type: "choose-remembering", remembers });
  }

  /** What is offered, among the hints that were seen. */
  #hint(): string {
    return `language model: ${this.servers.join(", ")}`;
  }

  async #choose<K extends RequestKind>(question: Question<K>): Promise<boolean> {
    if (this.isChoosing) return false;
    this.isChoosing = true;
    const isDone = await this.#done(question);
    await this.look();
    this.isChoosing = false;
    return isDone;
  }

  async #done<K extends RequestKind>(question: Question<K>): Promise<boolean> {
    return (await outcomeOf(this.#connection.request(question))) === "done";
  }
}
