/** The account of a service that is to think: tried first, then kept. */

import { ApiError } from "../session/http";
import { attempt, fetchValues, save, takeBack } from "../settings/api";
import { accountEdits, hasKey, type Account } from "./account_paths";

/** Of HTTP: what is to be changed needs the code on the server's console. */
const NEEDS_CODE = 428;

export class ServiceAccount {
  isTrying = $state(false);
  /** Whether the code on the server's console is asked for. */
  needsCode = $state(false);
  /** Why it was not taken; null where it was. */
  failure = $state.raw<ApiError | null>(null);
  #values = $state.raw<unknown>({});

  /** Find out which keys are kept already. */
  async look(): Promise<void> {
    await this.#tried(async () => {
      this.#values = (await fetchValues()).values;
      return true;
    });
  }

  /** Whether a key of this service is kept already. */
  hasKey(engine: string): boolean {
    return hasKey(this.#values, engine);
  }

  /**
   * Have a service think; return whether it does.
   *
   * It has to answer before it is kept. An address of one's own is tried only once it is saved, as
   * the server has it; then it is taken back where it does not answer.
   */
  async take(account: Account, code = ""): Promise<boolean> {
    if (this.isTrying) return false;
    this.isTrying = true;
    const isTaken = await this.#tried(async () => {
      const { values, etag } = await fetchValues();
      const edits = accountEdits(values, account);
      if (!account.address) await attempt("mind", edits);
      const saved = await save(etag, edits, code);
      this.needsCode = false;
      if (!account.address) return true;
      try {
        await attempt("mind", []);
        return true;
      } catch (error) {
        await takeBack(saved.etag);
        throw error;
      }
    });
    this.isTrying = false;
    return isTaken;
  }

  async #tried(work: () => Promise<boolean>): Promise<boolean> {
    this.failure = null;
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // Asked for the first time it is no failure; a wrong code is one.
      if (error.status !== NEEDS_CODE || this.needsCode) this.failure = error;
      this.needsCode = error.status === NEEDS_CODE;
      return false;
    }
  }
}
