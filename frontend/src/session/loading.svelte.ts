/** How far the server is with fetching and loading its models. */

import type { EngineProgress } from "@open-llm-vtuber/shared/protocol/messages";

import type { Connection } from "./connection.svelte";

type Stage = "loading" | "failed";

export class Loading {
  engines = $state<EngineProgress[]>([]);
  /** What the person has put away: that it is loading, or that it has failed. */
  #putAway = $state<Stage | null>(null);
  readonly ready = $derived(this.engines.every(({ state }) => state === "ready"));
  /** Whether what is not ready will never be. */
  readonly hasFailed = $derived(
    !this.ready && this.engines.every(({ state }) => state === "ready" || state === "failed"),
  );
  /** Whether there is something to be told that the person has not put away. */
  readonly isShown = $derived(!this.ready && this.#stage() !== this.#putAway);
  /** How far all of them are together, 0 to 1; null while that cannot be known. */
  readonly share = $derived(shareOf(this.engines));

  constructor(connection: Connection) {
    connection.on("loading-progress", ({ engines }) => {
      this.engines = engines;
      if (this.ready) this.#putAway = null;
    });
  }

  /** Show no more of this; another failure or another character is shown all the same. */
  putAway(): void {
    this.#putAway = this.#stage();
  }

  #stage(): Stage {
    return this.hasFailed ? "failed" : "loading";
  }
}

/** Return how far one engine is, 0 to 1; null while that cannot be known. */
export function progressOf(engine: EngineProgress): number | null {
  if (engine.state === "ready") return 1;
  if (engine.state === "waiting") return 0;
  if (engine.state !== "fetching" || !engine.total_bytes) return null;
  return Math.min(1, (engine.done_bytes ?? 0) / engine.total_bytes);
}

/** Each engine counts the same: the bytes of those that wait are not known yet. */
function shareOf(engines: readonly EngineProgress[]): number | null {
  if (!engines.length) return null;
  const parts = engines.map((engine) => (engine.state === "failed" ? 1 : progressOf(engine)));
  // Loading from the disk comes after fetching, and takes a moment that nobody can foretell.
  const sum = parts.reduce<number>((total, part) => total + (part ?? 0.9), 0);
  return sum / engines.length;
}
