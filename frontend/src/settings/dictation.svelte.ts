/** A few seconds of the microphone, which are to be written down. */

import {
  Microphone,
  MicrophoneError,
  RATE,
  type MicrophoneOptions,
} from "@open-llm-vtuber/shared/audio/microphone";
import { encodeWav } from "@open-llm-vtuber/shared/audio/wav";

import { Recording } from "../audio/recording";

/** So long is recorded at most. */
const LONGEST_S = 10;

export class Dictation {
  /** How loud it is, 0 to 1. */
  level = $state(0);
  /** Whether the browser or the person is still being asked. */
  isStarting = $state(true);

  readonly #options: MicrophoneOptions;
  readonly #recording = new Recording(RATE);
  #end: (isWanted: boolean) => void = () => {};
  #isCancelled = false;

  constructor(options: MicrophoneOptions) {
    this.#options = options;
  }

  /** Return what is said until `stop` as a WAV file; null if it is cancelled. Throws MicrophoneError. */
  async whole(): Promise<Blob | null> {
    const ended = new Promise<boolean>((resolve) => (this.#end = resolve));
    let isGone = false;
    const microphone = await Microphone.open(this.#options, {
      frame: (frame, level) => this.#take(frame, level),
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
    this.#end(this.#recording.length_s > 0);
  }

  cancel(): void {
    this.#isCancelled = true;
    this.#end(false);
  }

  #take(frame: ArrayBuffer, level: number): void {
    this.level = level;
    this.#recording.add(frame, level);
    if (this.#recording.length_s >= LONGEST_S) this.stop();
  }

  #file(): Blob {
    return new Blob([encodeWav(this.#recording.samples(), RATE)], { type: "audio/wav" });
  }
}
