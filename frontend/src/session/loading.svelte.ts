/** How far the server is with fetching and loading its models. */

import { Emitter } from "@open-llm-vtuber/shared/emitter";
import type { EngineProgress } from "@open-llm-vtuber/shared/protocol/messages";

import type { Connection } from "./connection.svelte";

interface Events {
  /** Something has failed, in the server's own sentence, and is told here. */
  failed: [why: string];
}

type Stage = "loading" | "failed";

/** Without these she can be talked with as well. */
const OPTIONAL: ReadonlySet<string> = new Set(["turn"]);
/** Loading from the disk comes after fetching, and takes a moment that nobody can foretell. */
const FETCHED = 0.95;
/** Whose failure is told first. */
const FIRST: readonly string[] = ["llm", "agent"];

export class Loading extends Emitter<Events> {
  engines = $state<EngineProgress[]>([]);
  /** How many bytes each engine fetched, by its name; the server tells it only meanwhile. */
  #sizes = $state.raw<Readonly<Record<string, number>>>({});
  /** What the person has put away: that it is loading, or that it has failed. */
  #putAway = $state<Stage | null>(null);
  readonly ready = $derived(this.engines.every(({ state }) => state === "ready"));
  /** Whether what is not ready will never be. */
  readonly hasFailed = $derived(
    !this.ready && this.engines.every(({ state }) => state === "ready" || state === "failed"),
  );
  /** What she cannot do without. */
  readonly #needed = $derived(this.engines.filter(({ kind }) => !OPTIONAL.has(kind)));
  /** Whether something of that, or all of it, is not known to be there yet. */
  readonly isUnderway = $derived(
    !this.engines.length ||
      this.#needed.some(({ state }) => state !== "ready" && state !== "failed"),
  );
  /** What of it does not work; undefined if all does. */
  readonly broken = $derived.by(() => {
    const broken = this.#needed.filter(({ state }) => state === "failed");
    return broken.find(({ kind }) => FIRST.includes(kind)) ?? broken[0];
  });
  /** Whether there is something to be told that the person has not put away. */
  readonly isShown = $derived(!this.ready && this.#stage() !== this.#putAway);
  /** How far all of them are together, 0 to 1; null while that cannot be known. */
  readonly share = $derived(shareOf(this.engines, this.#sizes));

  /** How often what is told here failed once more, by the server's own sentence. */
  #again = $state.raw<Readonly<Record<string, number>>>({});

  constructor(connection: Connection) {
    super();
    connection.on("loading-progress", ({ engines }) => {
      this.engines = engines;
      this.#sizes = { ...this.#sizes, ...sizesOf(engines) };
      if (this.ready) this.#putAway = null;
      this.#again = {};
      if (!this.isShown) return;
      for (const { message } of this.#failed()) this.emit("failed", message);
    });
  }

  /** Show no more of this; another failure or another character is shown all the same. */
  putAway(): void {
    this.#putAway = this.#stage();
  }

  /** Show it again. */
  show(): void {
    this.#putAway = null;
  }

  /** How often a failure is to be told. */
  countOf(why: string): number {
    return 1 + (this.#again[why] ?? 0);
  }

  /** Whether this failure is told here. */
  tells(why: string): boolean {
    return this.isShown && this.#failed().some(({ message }) => message === why);
  }

  /** It failed once more. */
  count(why: string): void {
    this.#again = { ...this.#again, [why]: this.countOf(why) };
  }

  #failed(): readonly EngineProgress[] {
    return this.engines.filter(({ state }) => state === "failed");
  }

  #stage(): Stage {
    return this.hasFailed || this.broken ? "failed" : "loading";
  }
}

/** Return how far one engine is, 0 to 1; null while that cannot be known. */
export function progressOf(engine: EngineProgress): number | null {
  if (engine.state === "ready") return 1;
  if (engine.state === "waiting") return 0;
  if (engine.state !== "fetching" || !engine.total_bytes) return null;
  return Math.min(1, (engine.done_bytes ?? 0) / engine.total_bytes);
}

/** Return how many bytes are being fetched, by the engine's name. */
function sizesOf(engines: readonly EngineProgress[]): Record<string, number> {
  const known = engines.flatMap(({ name, total_bytes }) =>
    total_bytes ? [[name, total_bytes] as const] : [],
  );
  return Object.fromEntries(known);
}

/** Engines count by their bytes where any are fetched, else each the same. */
function shareOf(
  engines: readonly EngineProgress[],
  sizes: Readonly<Record<string, number>>,
): number | null {
  if (!engines.length) return null;
  const isFetched = engines.some(({ name }) => sizes[name]);
  const isUnknown = ({ name, state }: EngineProgress): boolean =>
    (state === "waiting" || state === "fetching") && !sizes[name];
  if (isFetched && engines.some(isUnknown)) return null;
  let [done, whole] = [0, 0];
  for (const engine of engines) {
    const size = isFetched ? (sizes[engine.name] ?? 0) : 1;
    done += size * partOf(engine);
    whole += size;
  }
  return done / whole;
}

/** How far one engine is on the way to be ready, 0 to 1. */
function partOf(engine: EngineProgress): number {
  if (engine.state === "ready" || engine.state === "failed") return 1;
  return (progressOf(engine) ?? 1) * FETCHED;
}
