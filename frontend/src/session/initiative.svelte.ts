/** She speaks of her own accord: when asked to, or after a silence that the person has chosen. */

import type { Connection } from "./connection.svelte";
import type { Eyes } from "./eyes.svelte";

export class Initiative {
  readonly #connection: Connection;
  readonly #eyes: Eyes;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #since = Date.now();

  constructor(connection: Connection, eyes: Eyes) {
    this.#connection = connection;
    this.#eyes = eyes;
  }

  /** Ask her to say something now. */
  ask(): void {
    void this.#ask(-1);
  }

  /** Begin to wait; `afterS` 0 waits for ever. Called whenever a turn ends or something changes. */
  wait(afterS: number): void {
    this.rest();
    this.#since = Date.now();
    if (afterS > 0) {
      this.#timer = setTimeout(() => {
        void this.#ask((Date.now() - this.#since) / 1000);
      }, afterS * 1000);
    }
  }

  rest(): void {
    clearTimeout(this.#timer);
  }

  async #ask(idle: number): Promise<void> {
    const images = await this.#eyes.glance();
    this.#connection.send({ type: "ai-speak-signal", idle_time: idle, images });
  }
}
