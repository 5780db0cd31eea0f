/** What is asked of the worker that shapes sounds, and its answer. */

export interface Shapeless {
  /** Samples in -1..1, all of equal length. */
  channels: Float32Array<ArrayBuffer>[];
  rate: number;
}

export interface Shaped {
  /** Mono, 16 bit. */
  wav: ArrayBuffer;
  peaks: Float32Array<ArrayBuffer>;
}

export const PEAKS = 1024;
