/** Who has a token of their own: the list, and one that is being let in. */

import { answerTo, type ApiError } from "../../session/http";
import * as server from "./tokens_api";
import type { KnownDevice, LetIn } from "./tokens_api";

const NEEDS_CODE = 428;

export interface Wish {
  readonly name: string;
  readonly mayConfigure: boolean;
}

export interface Tokens {
  readonly listed: typeof server.listed;
  readonly letIn: typeof server.letIn;
  readonly rename: typeof server.rename;
  readonly shutOut: typeof server.shutOut;
}

export class KnownDevices {
  all = $state.raw<readonly KnownDevice[]>([]);
  /** Whether the list has come. */
  isKnown = $state(false);
  /** Why the last thing was not done; null: it was. */
  refusal = $state.raw<ApiError | null>(null);
  /** Who is to be let in, while the code on the console is asked for; null while nobody is. */
  wish = $state.raw<Wish | null>(null);
  /** Whether a code was given that was not the right one. */
  isWrongCode = $state(false);
  /** Who was let in, with the token that is told once; null when that was seen. */
  made = $state.raw<LetIn | null>(null);
  isBusy = $state(false);

  readonly #tokens: Tokens;

  constructor(tokens: Tokens = server) {
    this.#tokens = tokens;
  }

  async refresh(): Promise<void> {
    const answer = await answerTo(this.#tokens.listed());
    if ("refusal" in answer) {
      this.refusal ??= answer.refusal;
      return;
    }
    this.all = answer.value;
    this.isKnown = true;
  }

  /** Let a device in; the first time it asks for the code. */
  async letIn(wish: Wish, code = ""): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    this.refusal = null;
    const answer = await answerTo(this.#tokens.letIn(wish.name, wish.mayConfigure, code));
    this.isBusy = false;
    if ("value" in answer) {
      this.made = answer.value;
      this.wish = null;
      await this.refresh();
    } else if (answer.refusal.status === NEEDS_CODE) {
      this.wish = wish;
      this.isWrongCode = code !== "";
    } else {
      this.wish = null;
      this.refusal = answer.refusal;
    }
  }

  /** No code is given. */
  decline(): void {
    this.wish = null;
  }

  /** The token was seen. */
  done(): void {
    this.made = null;
  }

  async rename(id: string, name: string): Promise<void> {
    await this.#changed(this.#tokens.rename(id, name));
  }

  /** Take a device's access back; return whether that was done. */
  shutOut(id: string): Promise<boolean> {
    if (this.made?.device.id === id) this.made = null;
    return this.#changed(this.#tokens.shutOut(id));
  }

  async #changed(work: Promise<unknown>): Promise<boolean> {
    this.isBusy = true;
    this.refusal = null;
    const answer = await answerTo(work);
    if ("refusal" in answer) this.refusal = answer.refusal;
    await this.refresh();
    this.isBusy = false;
    return "value" in answer;
  }
}
