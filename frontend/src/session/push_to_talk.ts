/** What is spoken while a key is held is one utterance, whatever pauses it has. */

/** So long after the key was let go the server may take to say that speech has ended. */
export const LAST_MS = 1500;

/**
 * The server hears where speech begins and ends, and asks each time whether that was all. It is
 * answered once, when the key has been let go; what was said until then belongs together.
 */
export class PushToTalk {
  /** Whether it has asked, and was not answered. */
  #isAsked = false;
  #isSpeaking = false;
  #isHeld = false;
  #isComplete = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #complete: () => void;

  /** @param complete tells the server that this was all */
  constructor(complete: () => void) {
    this.#complete = complete;
  }

  /** The key is held, and sound begins to be sent. */
  begin(): void {
    clearTimeout(this.#timer);
    this.#isAsked = this.#isSpeaking = this.#isComplete = false;
    this.#isHeld = true;
  }

  /** The server heard speech begin. */
  began(): void {
    this.#isSpeaking = true;
  }

  /** The server heard speech end, and asks. */
  ended(): void {
    this.#isSpeaking = false;
    if (this.#isComplete) return; // that is in what it was told about
    this.#isAsked = true;
    if (!this.#isHeld) this.#finish();
  }

  /** The key was let go, and no more sound is sent. */
  release(): void {
    this.#isHeld = false;
    if (!this.#isAsked) return; // it asks yet, if anything was said
    if (!this.#isSpeaking) return this.#finish();
    this.#timer = setTimeout(() => this.#finish(), LAST_MS);
  }

  #finish(): void {
    clearTimeout(this.#timer);
    this.#isAsked = false;
    this.#isComplete = true;
    this.#complete();
  }
}
