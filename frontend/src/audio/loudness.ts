/** How loud a sound is, a slice after the other, as it comes. */

/** The length of a slice. */
export const SLICE_S = 0.02;

export class Loudness {
  #energy = 0;
  #count = 0;

  /** Take the next samples, of `rate` a second; return the level (RMS) of each slice that is full. */
  feed(samples: Float32Array, rate: number): number[] {
    const size = Math.max(1, Math.round(rate * SLICE_S));
    const levels: number[] = [];
    for (const sample of samples) {
      this.#energy += sample * sample;
      this.#count += 1;
      if (this.#count < size) continue;
      levels.push(Math.sqrt(this.#energy / this.#count));
      this.#energy = this.#count = 0;
    }
    return levels;
  }
}
