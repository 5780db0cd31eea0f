/** How far the server is with fetching and loading its models. */

import type { EngineProgress } from "../protocol/messages";
import type { Connection } from "./connection.svelte";

export class Loading {
  engines = $state<EngineProgress[]>([]);
  readonly ready = $derived(this.engines.every(({ state }) => state === "ready"));

  constructor(connection: Connection) {
    connection.on("loading-progress", ({ engines }) => (this.engines = engines));
  }
}
