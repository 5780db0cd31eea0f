/** What in the files of the character does nothing, or not what it says. */

import type { Connection } from "./connection.svelte";

export class Configuration {
  /** A line for each, with file, line and key. */
  warnings = $state.raw<readonly string[]>([]);
  /** Told how many there are, if any was not there before. */
  onNews: (count: number) => void = () => {};

  readonly #told = new Set<string>();

  constructor(connection: Connection) {
    connection.on("config-warnings", ({ warnings }) => {
      this.warnings = warnings;
      const isNews = warnings.some((one) => !this.#told.has(one));
      warnings.forEach((one) => this.#told.add(one));
      if (isNews) this.onNews(warnings.length);
    });
  }
}
