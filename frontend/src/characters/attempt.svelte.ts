/** One thing that is tried at a time: asked for, given up if need be, told when it fails. */

import { ApiError } from "../session/http";

export class Attempt<Result> {
  isRunning = $state(false);
  result = $state.raw<Result | null>(null);
  /** Why there is none; null where nothing failed. */
  failure = $state.raw<ApiError | null>(null);
  #giveUp: AbortController | null = null;

  /** Try, unless something is being tried: the server does one thing at a time. */
  async run(work: (signal: AbortSignal) => Promise<Result>): Promise<Result | null> {
    if (this.isRunning) return null;
    const giveUp = (this.#giveUp = new AbortController());
    this.isRunning = true;
    this.failure = this.result = null;
    try {
      const result = await work(giveUp.signal);
      if (this.#giveUp !== giveUp) return null;
      return (this.result = result);
    } catch (error) {
      if (giveUp.signal.aborted) return null;
      if (!(error instanceof ApiError)) throw error;
      this.failure = error;
      return null;
    } finally {
      if (this.#giveUp === giveUp) this.isRunning = false;
    }
  }

  /** Give up what is being tried. */
  stop(): void {
    this.#giveUp?.abort();
    this.#giveUp = null;
    this.isRunning = false;
  }
}
