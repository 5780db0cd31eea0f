/** She alone: the controls go away while nobody moves, and come back with the first move. */

/** So long nothing must be touched. */
export const REST_MS = 2500;
const MOVES = ["pointermove", "pointerdown", "keydown", "wheel", "touchstart", "focusin"] as const;

export class QuietView {
  /** Whether the person wants it so. */
  isOn = $state(false);
  /** Whether the controls are away now. */
  isBare = $state(false);

  readonly #mayHide: () => boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watching: AbortController | undefined;

  /** @param mayHide whether nothing is open or being written that would go away */
  constructor(mayHide: () => boolean) {
    this.#mayHide = mayHide;
  }

  turn(on: boolean): void {
    this.#watching?.abort();
    clearTimeout(this.#timer);
    this.isOn = on;
    this.isBare = false;
    if (!on) return;
    this.#watching = new AbortController();
    const options = { signal: this.#watching.signal, capture: true, passive: true };
    for (const kind of MOVES) addEventListener(kind, this.#moved, options);
    this.#moved();
  }

  readonly #moved = (): void => {
    this.isBare = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#rest, REST_MS);
  };

  readonly #rest = (): void => {
    if (this.#mayHide()) this.isBare = true;
    else this.#timer = setTimeout(this.#rest, REST_MS);
  };
}
