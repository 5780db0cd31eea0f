/** She speaks of her own accord: when asked to, or after a silence that the person has chosen. */

import type { Connection } from "./connection.svelte";
import type { VisionSources } from "./vision_sources.svelte";

export class ProactiveTimer {
  readonly #connection: Connection;
  readonly #vision: VisionSources;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts how often it was begun or ended to wait. */
  #waits = 0;

  readonly #began: () => void;

  /** @param began is called when she speaks unasked, before anything of it is known */
  constructor(connection: Connection, vision: VisionSources, began: () => void = () => {}) {
    this.#connection = connection;
    this.#vision = vision;
    this.#began = began;
  }

  /** Ask her to say something now. */
  async ask(): Promise<void> {
    const images = await this.#vision.look();
    this.#connection.send({ type: "ai-speak-signal", idle_time: -1, images });
  }

  /** Begin to wait; `afterS` 0 waits for ever. Called whenever a turn ends or something changes. */
  wait(afterS: number): void {
    this.rest();
    const since = Date.now();
    if (afterS > 0) this.#timer = setTimeout(() => void this.#speak(since), afterS * 1000);
  }

  /** Wait no longer. */
  rest(): void {
    clearTimeout(this.#timer);
    this.#waits += 1;
  }

  async #speak(since: number): Promise<void> {
    const waits = this.#waits;
    const images = await this.#vision.look();
    if (waits !== this.#waits) return; // the person has begun to say something
    this.#began();
    const idle_time = (Date.now() - since) / 1000;
    this.#connection.send({ type: "ai-speak-signal", idle_time, images });
  }
}
