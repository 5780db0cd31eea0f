/** A few seconds of the microphone as a WAV file. */

import {
  Microphone,
  MicrophoneError,
  RATE,
  type MicrophoneOptions,
} from "@open-llm-vtuber/shared/audio/microphone";
import { encodeWav } from "@open-llm-vtuber/shared/audio/wav";

/** So long is recorded at most. */
export const LONGEST_S = 10;

export class Recording {
  /** How loud it is, 0 to 1. */
  level = $state(0);
  /** Whether the browser or the person is still being asked. */
  isStarting = $state(true);

  readonly #options: MicrophoneOptions;
  readonly #frames: Int16Array[] = [];
  #end: (isWanted: boolean) => void = () => {};
  #isCancelled = false;

  constructor(options: MicrophoneOptions) {
    this.#options = options;
  }

  /** Return what is said until `stop`; null if it is cancelled. Throws MicrophoneError. */
  async whole(): Promise<Blob | null> {
    const ended = new Promise<boolean>((resolve) => (this.#end = resolve));
    let isGone = false;
    const microphone = await Microphone.open(this.#options, {
      frame: (frame, level) => this.#take(new Int16Array(frame), level),
      silent: () => {},
      gone: () => {
        isGone = true;
        this.#end(false);
      },
    });
    this.isStarting = false;
    if (this.#isCancelled) this.#end(false);
    const isWanted = await ended;
    microphone.close();
    if (isGone) throw new MicrophoneError("gone");
    return isWanted ? this.#file() : null;
  }

  /** It is done; before anything was heard there is nothing. */
  stop(): void {
    this.#end(this.#frames.length > 0);
  }

  cancel(): void {
    this.#isCancelled = true;
    this.#end(false);
  }

  #take(frame: Int16Array, level: number): void {
    this.level = level;
    this.#frames.push(frame);
    const samples = this.#frames.length * frame.length;
    if (samples >= LONGEST_S * RATE) this.stop();
  }

  #file(): Blob {
    const samples = this.#frames.flatMap((frame) => [...frame].map((one) => one / 32768));
    return new Blob([encodeWav(new Float32Array(samples), RATE)], { type: "audio/wav" });
  }
}
