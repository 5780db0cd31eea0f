/** What a microphone hears, kept in memory, and when somebody who speaks is done; pure. */

/** So much louder than what is quietest is a voice, on the meter's scale of 0 to 1 (60 dB). */
const VOICE = 0.15;
/** Less is silence, whatever the quietest is. */
const LEAST = 0.3;
/** After so long a pause it was all. */
const PAUSE_S = 1.2;

/** Mono, 16-bit, in frames as they come. */
export class Recording {
  readonly #frames: Int16Array[] = [];
  readonly #rate: number;
  #count = 0;
  /** The quietest level so far. */
  #floor = 1;
  #spoken_s = 0;
  #pause_s = 0;

  constructor(rate: number) {
    this.#rate = rate;
  }

  /** @param level of the frame, 0 to 1 */
  add(frame: ArrayBuffer, level: number): void {
    const samples = new Int16Array(frame);
    const length_s = samples.length / this.#rate;
    this.#frames.push(samples);
    this.#count += samples.length;
    // A device that begins may give zeros at first.
    if (level > 0) this.#floor = Math.min(this.#floor, level);
    const isVoice = level >= Math.max(LEAST, this.#floor + VOICE);
    if (isVoice) this.#spoken_s += length_s;
    this.#pause_s = isVoice ? 0 : this.#pause_s + length_s;
  }

  get length_s(): number {
    return this.#count / this.#rate;
  }

  /** Whether something was said, for a quarter of a second at least. */
  get isSpoken(): boolean {
    return this.#spoken_s >= 0.25;
  }

  /** Whether something was said, and then nothing any more. */
  get isDone(): boolean {
    return this.isSpoken && this.#pause_s >= PAUSE_S;
  }

  /** All of it, in -1..1. */
  samples(): Float32Array {
    const all = new Float32Array(this.#count);
    let at = 0;
    for (const frame of this.#frames) {
      for (const sample of frame) all[at++] = sample / 32768;
    }
    return all;
  }
}
