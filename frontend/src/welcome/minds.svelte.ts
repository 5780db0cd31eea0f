/** Who could think for her, and how far the choice of a model of the server's computer is. */

import { ApiError } from "../session/http";
import * as api from "./api";
import type { Minds as Told, MindSwitch } from "./api";

/** So often it is asked how far it is. */
const POLL_MS = 500;

export class Minds {
  /** Null before it is known. */
  told = $state.raw<Told | null>(null);
  /** The last choice, if there was one while this was open. */
  now = $state.raw<MindSwitch | null>(null);
  /** Why something was not done; null where it was. */
  failure = $state.raw<ApiError | null>(null);
  readonly isUnderway = $derived(this.now?.stage === "fetching" || this.now?.stage === "trying");

  readonly #chosen: (model: string) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isEnded = false;

  /** @param chosen is told which model thinks from now on */
  constructor(chosen: (model: string) => void) {
    this.#chosen = chosen;
  }

  /** Ask what there is, and whether something is on its way already. */
  async look(): Promise<void> {
    await this.#tried(async () => {
      const [told, now] = await Promise.all([api.fetchMinds(), api.fetchChoice()]);
      this.told = told;
      // What became of an earlier choice is no news.
      if (now?.stage === "fetching" || now?.stage === "trying") this.#follow(now);
    });
  }

  /** Have a model fetched, tried and chosen. */
  async choose(character: string, model: string): Promise<void> {
    if (this.isUnderway) return;
    await this.#tried(async () => this.#follow(await api.chooseMind(character, model)));
  }

  /** Stop that; what has arrived is kept. */
  async cancel(): Promise<void> {
    await this.#tried(async () => {
      this.#take(await api.cancelChoice());
    });
  }

  /** Ask no more; what is on its way goes on. */
  end(): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
  }

  /** A server that was started anew knows of no choice. */
  #follow(now: MindSwitch | null): void {
    this.#take(now);
    clearTimeout(this.#timer);
    if (!this.isUnderway || this.#isEnded) return;
    this.#timer = setTimeout(() => void this.#ask(), POLL_MS);
  }

  async #ask(): Promise<void> {
    try {
      this.#follow(await api.fetchChoice());
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!this.#isEnded) this.#timer = setTimeout(() => void this.#ask(), 4 * POLL_MS);
    }
  }

  #take(now: MindSwitch | null): void {
    const isNews = this.isUnderway && now?.stage === "done";
    this.now = now;
    if (now && isNews) this.#chosen(now.model);
  }

  async #tried(work: () => Promise<void>): Promise<void> {
    this.failure = null;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.failure = error;
    }
  }
}
