/** What is held to talk: one button or key at a time, and whether it was held long enough to say anything. */

import type { MicrophoneControl } from "./microphone_control.svelte";

/** Who lets go sooner meant to press it, not to hold it. */
export const PRESS_MS = 400;
const TOLD_MS = 4000;

export class PushToTalk {
  /** It was let go too soon; told for a while. */
  wasShort = $state(false);
  readonly #microphone: Pick<MicrophoneControl, "hold" | "isHeld">;
  /** What is held: a key, a finger; undefined if nothing is. */
  #holder: string | undefined;
  #heldAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(microphone: Pick<MicrophoneControl, "hold" | "isHeld">) {
    this.#microphone = microphone;
  }

  /** Something is held. While something else is, it does nothing. */
  press(holder: string): void {
    if (this.#holder !== undefined) return;
    this.#holder = holder;
    this.#heldAt = performance.now();
    this.#tell(false);
    void this.#microphone.hold(true);
  }

  /** It is let go. */
  release(holder: string): void {
    if (this.#holder !== holder) return;
    this.#holder = undefined;
    this.#tell(performance.now() - this.#heldAt < PRESS_MS);
    void this.#microphone.hold(false);
  }

  /** Whatever is held, nobody will tell when it is let go: the window is left, the finger was taken away. */
  cancel(): void {
    if (this.#holder !== undefined) this.release(this.#holder);
  }

  /** Tell nothing any more. */
  dispose(): void {
    this.cancel();
    this.#tell(false);
  }

  #tell(wasShort: boolean): void {
    clearTimeout(this.#timer);
    this.wasShort = wasShort;
    if (wasShort) this.#timer = setTimeout(() => (this.wasShort = false), TOLD_MS);
  }
}
