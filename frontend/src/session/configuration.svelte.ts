/** What in the files of the character does nothing, or not what it says. */

import { Emitter } from "@open-llm-vtuber/shared/emitter";

import type { Connection } from "./connection.svelte";

/** `news`: so many warnings there are, and one of them was not there before. */
export class Configuration extends Emitter<{ news: [count: number] }> {
  /** A line for each, with file, line and key. */
  warnings = $state.raw<readonly string[]>([]);

  readonly #told = new Set<string>();

  constructor(connection: Connection) {
    super();
    connection.on("config-warnings", ({ warnings }) => {
      this.warnings = warnings;
      const isNews = warnings.some((one) => !this.#told.has(one));
      warnings.forEach((one) => this.#told.add(one));
      if (isNews) this.emit("news", warnings.length);
    });
  }
}
