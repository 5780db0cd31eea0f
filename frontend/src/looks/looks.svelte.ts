/** The looks on the server, and the one that is being tried: what the sheet shows of them. */

import { ApiError } from "../session/http";
import { deleted, drop, keep, listed, remove, restore, send, wear } from "./api";
import type { Draft, Emotions, Gone, Look } from "./api";
import { given } from "./given";
import type { Packed } from "./zip";

/** What is going on with a file: packed and sent (how far, 0..1), then looked at by the server. */
export type Progress =
  { readonly step: "packing" | "checking" } | { readonly step: "sending"; readonly share: number };

export class Looks {
  all = $state.raw<readonly Look[]>([]);
  gone = $state.raw<readonly Gone[]>([]);
  draft = $state.raw<Draft | null>(null);
  progress = $state.raw<Progress | null>(null);
  /** Why the last thing was not done; null: it was. */
  refusal = $state.raw<ApiError | null>(null);
  /** Whether the list has come. */
  isKnown = $state(false);
  /** How much is being asked or changed. */
  #going = $state(0);
  #sending: AbortController | null = null;

  get isBusy(): boolean {
    return this.#going > 0;
  }

  get isForbidden(): boolean {
    return this.refusal?.status === 403;
  }

  async refresh(): Promise<void> {
    await this.#told(async () => {
      [this.all, this.gone] = await Promise.all([listed(), deleted()]);
      this.isKnown = true;
    });
  }

  /** Send files to be tried; what was tried before is forgotten. */
  async add(files: Promise<readonly Packed[]> | readonly Packed[]): Promise<void> {
    if (this.progress) return;
    this.refusal = null;
    this.progress = { step: "packing" };
    const sending = (this.#sending = new AbortController());
    try {
      await this.#told(async () => {
        const one = await given(await files);
        if (!one || sending.signal.aborted) return;
        const tell = (share: number): void => {
          this.progress = share < 1 ? { step: "sending", share } : { step: "checking" };
        };
        const draft = await send(one.file, one.name, tell, sending.signal);
        if (sending.signal.aborted) return drop(draft.id); // it was given up a moment too late
        this.forget();
        this.draft = draft;
      });
    } finally {
      this.progress = null;
      this.#sending = null;
    }
  }

  /** Give up sending. */
  cancel(): void {
    this.#sending?.abort();
  }

  /** Keep a model of the draft, and give it to a character if `wearer` names its file. */
  async keep(file: string, name: string, emotions: Emotions, wearer: string): Promise<Look | null> {
    const draft = this.draft;
    if (!draft) return null;
    return this.#changed(async () => {
      const look = await keep(draft.id, file, name, emotions);
      this.draft = null;
      if (wearer) await wear(wearer, look.name);
      return look;
    });
  }

  /** Forget what is tried. */
  forget(): void {
    const draft = this.draft;
    this.draft = null;
    if (draft) void this.#told(() => drop(draft.id));
  }

  async wear(file: string, name: string): Promise<void> {
    await this.#told(() => wear(file, name));
  }

  /** Return what it is had back by; null where it stays. */
  remove(name: string): Promise<string | null> {
    return this.#changed(() => remove(name));
  }

  async restore(id: string): Promise<void> {
    await this.#changed(() => restore(id));
  }

  /** Change what there is, and read it anew, whatever came of it; null where something failed. */
  async #changed<T>(work: () => Promise<T>): Promise<T | null> {
    const done = await this.#told(work);
    const { refusal } = this;
    await this.refresh();
    this.refusal ??= refusal;
    return done;
  }

  async #told<T>(work: () => Promise<T>): Promise<T | null> {
    this.#going += 1;
    try {
      const done = await work();
      this.refusal = null;
      return done;
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return null;
      if (error instanceof RangeError) this.refusal = new ApiError(413, error.message);
      else if (error instanceof ApiError) this.refusal = error;
      else throw error;
      return null;
    } finally {
      this.#going -= 1;
    }
  }
}
