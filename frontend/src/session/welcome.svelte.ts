/** What a first visitor is asked, in steps that can all be skipped: once in a browser. */

import { Emitter } from "@open-llm-vtuber/shared/emitter";

import type { Connection } from "./connection.svelte";
import type { ServerChoices } from "./server_choices.svelte";
import type { Settings } from "./settings.svelte";

export const STEPS = ["language", "mind", "voice", "microphone"] as const;
export type Step = (typeof STEPS)[number];

/** These are the browser's own; the others change what the server's files say. */
const OWN: readonly Step[] = ["language", "microphone"];
/** Among the hints that were seen: that it was asked. */
const ASKED = "welcome";

/** `over`: nothing is asked any more; the card is still on the page. */
export class Welcome extends Emitter<{ over: [] }> {
  /** Whether it is asked now. */
  isOpen = $state(false);
  /** Whether it was asked for: then it may take the focus. */
  isWanted = $state(false);
  /** Which of them something was chosen in. */
  done = $state.raw<readonly Step[]>([]);
  #at = $state(0);
  readonly steps = $derived.by(() =>
    this.#choices.isAllowed ? STEPS : STEPS.filter((one) => OWN.includes(one)),
  );
  /** From 1. */
  readonly number = $derived(Math.min(this.#at, this.steps.length - 1) + 1);
  readonly step = $derived(this.steps[this.number - 1] ?? "language");
  readonly isLast = $derived(this.number === this.steps.length);

  readonly #settings: Settings;
  readonly #choices: ServerChoices;

  constructor(connection: Connection, settings: Settings, choices: ServerChoices) {
    super();
    this.#settings = settings;
    this.#choices = choices;
    // Whoever was here before has chosen, or has done without.
    let isFirst = settings.now.hintsSeen.length === 0;
    connection.on("extensions-enabled", () => {
      if (isFirst) this.isOpen = true;
      isFirst = false;
    });
  }

  /** Ask once more. */
  again(): void {
    this.#at = 0;
    this.done = [];
    this.isOpen = this.isWanted = true;
  }

  /** Go to the next step; behind the last one it is over. */
  next(): void {
    if (this.isLast) this.close();
    else this.#at = this.number;
  }

  back(): void {
    this.#at = Math.max(0, this.number - 2);
  }

  /** Something was chosen in the present step. */
  choose(): void {
    if (!this.done.includes(this.step)) this.done = [...this.done, this.step];
  }

  /** Put it away; it is not asked again by itself. */
  close(): void {
    if (!this.isOpen) return;
    this.emit("over");
    this.isOpen = this.isWanted = false;
    // Another language model that runs here was offered as well, if they came so far.
    if (this.#at >= this.steps.indexOf("voice") && this.#choices.isOffered) this.#choices.putAway();
    const { hintsSeen } = this.#settings.now;
    if (!hintsSeen.includes(ASKED)) this.#settings.set({ hintsSeen: [...hintsSeen, ASKED] });
  }
}
