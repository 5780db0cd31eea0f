/** What is known of one turn and its answer; each turn has one of its own. */

import type { TurnMessages } from "@open-llm-vtuber/shared/protocol/messages";

import type { Message as Sent } from "./connection.svelte";
import type { Rewriting } from "./rewriting";
import { WrittenLines } from "./written_lines";

/** Whether the voice failed; that it cannot say a script is no failure. */
export function isOfVoice({ about, code }: Sent<"error">): boolean {
  return about === "tts" && code !== "script-unspoken";
}

export class TurnAnswer {
  /** As much of it as was heard. */
  heard = "";
  /** When its first sound came, by performance.now(); 0 before. */
  arrived = 0;
  hasSounded = false;
  /** What the server calls the turn's messages, and what it does with an earlier one. */
  named: TurnMessages | null = null;
  rewriting: Rewriting | undefined;
  written = new WrittenLines();

  #isOver = false;
  /** Whether something of it has come. */
  #hasCome = false;
  /** What failed before that. */
  #failed: Sent<"error"> | null = null;
  /** What keeps it from being heard. */
  #unheard: Sent<"error"> | null = null;

  /** @param turn its id; of "" there are no messages */
  constructor(readonly turn: string) {}

  /** Whether a message belongs to it, and it goes on: what comes of another, or later, is late. */
  has({ turn }: { readonly turn?: string }): boolean {
    return !this.#isOver && this.turn !== "" && turn === this.turn;
  }

  /** Words of it have come: what failed before matters no more. */
  came(): void {
    this.#hasCome = true;
    this.#failed = null;
  }

  /** Something failed in it. */
  fail(error: Sent<"error">): void {
    if (isOfVoice(error)) this.#unheard ??= error;
    else if (!this.#hasCome) this.#failed ??= error;
  }

  /** Why nothing came of it, or nothing of it was heard; null if something was. */
  get failure(): Sent<"error"> | null {
    return this.#failed ?? (this.hasSounded ? null : this.#unheard);
  }

  end(): void {
    this.#isOver = true;
  }
}
