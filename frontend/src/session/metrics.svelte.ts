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
  /** Of a turn whose other times have not come yet. */
  #played: { readonly turn: string; readonly ms: number } | undefined;

  constructor(connection: Connection) {
    connection.on("turn-metrics", (message) => {
      const playback_ms = this.#played?.turn === message.turn ? this.#played.ms : null;
      this.turns = [...this.turns, { ...message, playback_ms }].slice(-KEPT);
    });
  }

  /** The first sound of a turn began to play, so long after it had come. */
  played(turn: string, ms: number): void {
    const known = this.turns.find((one) => one.turn === turn);
    if (known) known.playback_ms = ms;
    else this.#played = { turn, ms };
  }
}
