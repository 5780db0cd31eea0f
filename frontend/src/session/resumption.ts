/** What a lost connection needs to go on: a token, what has come, and what was said and may not have. */

import type {
  Received,
  Resume,
  Resumed,
  ResumeToken,
} from "@open-llm-vtuber/shared/protocol/messages";

/** After so many frames the server is told that they have come... */
const CONFIRM_EVERY = 8;
/** ...or after so many characters or bytes of them. */
const CONFIRM_EVERY_BYTES = 65_536;
/** So much is kept at most of what the server may not have; pictures may be among it. */
const MOST_KEPT = 500;
const MOST_KEPT_CHARS = 32 * 1024 * 1024;

interface Kept {
  readonly number: number;
  readonly frame: string;
}

/** Kept in memory alone: a page that is loaded anew begins anew. */
export class Resumption {
  #token = "";
  #graceMs = 0;
  #received = 0;
  #confirmed = 0;
  #unconfirmedBytes = 0;
  #said = 0;
  #kept: Kept[] = [];
  #keptChars = 0;

  /** Whether there is a session to go on with. */
  get isPossible(): boolean {
    return this.#token !== "";
  }

  /** So long the server waits. */
  get graceMs(): number {
    return this.#graceMs;
  }

  /** The first message of a connection that goes on with the session. */
  get wish(): Resume {
    return { type: "resume", token: this.#token, received: this.#received };
  }

  /** The server will wait; from here on both count. Returns what is said at once. */
  begin({ token, grace_s }: ResumeToken): Received {
    this.forget();
    this.#token = token;
    this.#graceMs = grace_s * 1000;
    return { type: "received", number: 0 };
  }

  /** There is nothing to go on with any more. */
  forget(): void {
    this.#token = "";
    this.#received = this.#confirmed = this.#unconfirmedBytes = this.#said = 0;
    this.#kept = [];
    this.#keptChars = 0;
  }

  /** Keep what is said until it has come; false where so much waits that it cannot be. */
  keep(frame: string): boolean {
    if (!this.isPossible) return true;
    const isFull = this.#kept.length >= MOST_KEPT || this.#keptChars > MOST_KEPT_CHARS;
    if (isFull) {
      this.forget(); // what is not kept cannot be said again: a loss is one, from here on
      return false;
    }
    this.#said += 1;
    this.#kept.push({ number: this.#said, frame });
    this.#keptChars += frame.length;
    return true;
  }

  /** The server has what was said, up to a number. */
  heard(number: number): void {
    const left = this.#kept.filter((one) => one.number > number);
    this.#keptChars = left.reduce((chars, { frame }) => chars + frame.length, 0);
    this.#kept = left;
  }

  /** A frame has come, of so many characters or bytes. Returns what is to be told of that, if anything. */
  came(size: number): Received | undefined {
    if (!this.isPossible) return undefined;
    this.#received += 1;
    this.#unconfirmedBytes += size;
    const isDue =
      this.#received - this.#confirmed >= CONFIRM_EVERY ||
      this.#unconfirmedBytes >= CONFIRM_EVERY_BYTES;
    if (!isDue) return undefined;
    this.#confirmed = this.#received;
    this.#unconfirmedBytes = 0;
    return { type: "received", number: this.#received };
  }

  /** The session goes on. Returns what is to be said again, in its order. */
  goOn({ received, sent }: Resumed): string[] {
    this.#received = this.#confirmed = sent;
    this.#unconfirmedBytes = 0;
    this.heard(received);
    return this.#kept.map(({ frame }) => frame);
  }
}
