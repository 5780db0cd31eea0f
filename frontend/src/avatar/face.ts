/** How long an expression stays that a sentence brought. */

import type { Avatar } from "./types";

/** After its turn, in ms. A turn that begins meanwhile does not keep it. */
export const FADE_MS = 4000;

export class Face {
  private fading: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly express: Avatar["express"]) {}

  /** Show the first of a sentence's expressions, if there is one; `strength` is above 0 to 1. */
  sentence([first]: readonly (string | number)[], strength = 1): void {
    if (first === undefined) return;
    this.destroy();
    this.express(first, strength);
  }

  /** Note that the turn is over. */
  rest(): void {
    this.destroy();
    this.fading = setTimeout(() => {
      this.express(null);
    }, FADE_MS);
  }

  destroy(): void {
    clearTimeout(this.fading);
  }
}
