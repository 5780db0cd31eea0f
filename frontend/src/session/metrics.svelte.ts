/** How long the stages of the last turns took, on the server and here. */

import type { TurnMetrics } from "@open-llm-vtuber/shared/protocol/messages";

import type { Connection } from "./connection.svelte";

export interface TurnTimes extends TurnMetrics {
  /** From the arrival of the first sound until it was heard; null until it is. */
  playback_ms: number | null;
}

const KEPT = 12;

export class Metrics {
  /** The newest last. */
  turns = $state<TurnTimes[]>([]);
  /** Whether the server's times of the present turn have come. */
  #hasCome = false;
  #playback: number | null = null;

  constructor(connection: Connection) {
    connection.on("control", ({ text }) => {
      if (text !== "conversation-chain-start") return;
      this.#hasCome = false;
      this.#playback = null;
    });
    connection.on("turn-metrics", (message) => {
      this.turns = [...this.turns, { ...message, playback_ms: this.#playback }].slice(-KEPT);
      this.#hasCome = true;
    });
  }

  /** The first sound of a turn began to play, so long after it had come. */
  played(ms: number): void {
    const last = this.turns.at(-1);
    if (this.#hasCome && last) last.playback_ms = ms;
    else this.#playback = ms;
  }
}
