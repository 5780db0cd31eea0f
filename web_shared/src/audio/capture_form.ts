/** In which form captured sound comes. */

/** How the sound is to come: mono, in frames of so many samples. */
export interface Form {
  /** Samples per second; null is the device's own. */
  readonly rate: number | null;
  /** How many samples a frame has; the last one may be shorter. */
  readonly frame: number;
  /** 16-bit integers, or numbers in -1..1. */
  readonly samples: "pcm16" | "float32";
}
