/** One sound apart from what she says: a voice that is tried. */

import type { SoundOutput } from "@open-llm-vtuber/shared/audio/output";

/** How long it takes to fade when it is stopped, so that it does not click. */
const FADE_S = 0.015;

export class Sample {
  readonly #output: SoundOutput;
  /** Only the latest wish is heard. */
  #wish = 0;
  #silence = (): void => {};

  constructor(output: SoundOutput) {
    this.#output = output;
  }

  /**
   * Play a file, instead of the one that is played; return when it is over or was stopped.
   * Throws DOMException if it cannot be read.
   */
  async play(file: ArrayBuffer): Promise<void> {
    this.stop();
    const wish = this.#wish;
    const sound = await this.#output.decode(file);
    if (wish !== this.#wish) return;
    // A fader of its own: what she says meanwhile goes on when this is stopped.
    const fader = this.#output.fader();
    const source = this.#output.play(sound, this.#output.now_s, fader);
    const over = new Promise((resolve) => (source.onended = resolve));
    this.#silence = () => {
      fader.gain.setTargetAtTime(0, this.#output.now_s, FADE_S / 3);
      source.stop(this.#output.now_s + FADE_S);
    };
    await over;
    fader.disconnect();
  }

  /** Be silent, also about what is not decoded yet. */
  stop(): void {
    this.#wish += 1;
    this.#silence();
    this.#silence = () => {};
  }
}
