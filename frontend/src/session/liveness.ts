/** Whether the other end of a socket still answers. */

/** So long after the last answer it is asked again. */
const HEARTBEAT_MS = 20_000;
/** So long an answer may take. */
export const ANSWER_MS = 25_000;
/** So long when the network has just changed, and with it perhaps the way to the other end. */
export const HURRY_MS = 4000;
/** A timer that fires so much after its time was held back: by a hidden tab, or a sleeping computer. */
const LATE_MS = 3000;

/**
 * A network that went away tells nobody, so the other end is asked now and then.
 *
 * Only a question without an answer counts, never the time alone: browsers hold the timers of
 * hidden tabs back, but not what arrives. What comes late may even find the answer still waiting
 * behind it, so then it is asked once more.
 */
export class Liveness {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isHeard = true;
  readonly #ask: () => void;
  readonly #onLost: () => void;

  /**
   * @param ask sends something that is answered
   * @param onLost called once when no answer has come; nothing more is asked then
   */
  constructor(ask: () => void, onLost: () => void) {
    this.#ask = ask;
    this.#onLost = onLost;
  }

  /** Begin to ask. */
  start(): void {
    this.stop();
    this.#timer = setTimeout(() => this.#question(false), HEARTBEAT_MS);
  }

  /** Ask now: there is reason to doubt. */
  hurry(): void {
    this.stop();
    this.#question(false, HURRY_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Something has come from the other end, whatever it is. */
  heard(): void {
    this.#isHeard = true;
  }

  #question(isLast: boolean, withinMs = ANSWER_MS): void {
    this.#isHeard = false;
    const due = Date.now() + withinMs;
    this.#timer = setTimeout(() => this.#judge(due, isLast), withinMs);
    this.#ask();
  }

  #judge(due: number, isLast: boolean): void {
    if (this.#isHeard) this.start();
    else if (Date.now() - due > LATE_MS && !isLast) this.#question(true);
    else this.#onLost();
  }
}
