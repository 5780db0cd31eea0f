/** What a person has chosen for this browser; kept in localStorage. */

import { keep, readKept, type Checks } from "./kept";

/** So long nothing must change before it is written. */
const SAVE_MS = 300;

/**
 * Reads as an object whose fields are drawn from; `set` keeps what is changed.
 *
 * Another tab, or another page of ours, keeps its choices in the same place: only what was changed
 * here is written, and what is changed there holds here too.
 */
export class Preferences<T extends object> {
  readonly #key: string;
  readonly #checks: Checks<T>;
  readonly #defaults: () => T;
  readonly #choices: T;
  /** What was changed here and is not written yet. */
  #unsaved = new Set<keyof T>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #ended = new AbortController();

  /**
   * @param key where they are kept
   * @param checks what is a choice of each field; anything else that is kept is the default
   */
  constructor(key: string, checks: Checks<T>, defaults: () => T) {
    this.#key = key;
    this.#checks = checks;
    this.#defaults = defaults;
    this.#choices = $state(this.#stored());
    const { signal } = this.#ended;
    addEventListener("pagehide", () => this.#save(), { signal });
    // Telephones end a page that is hidden, and tell it nothing more.
    document.addEventListener("visibilitychange", () => this.#save(), { signal });
    addEventListener(
      "storage",
      ({ key: changed }) => {
        if (changed === key || changed === null) this.#follow();
      },
      { signal },
    );
  }

  get now(): Readonly<T> {
    return this.#choices;
  }

  set(change: Partial<T>): void {
    Object.assign(this.#choices, change);
    for (const name of Object.keys(change)) this.#unsaved.add(name as keyof T);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), SAVE_MS);
  }

  reset(): void {
    this.set(this.#defaults());
  }

  /** Write what is not written yet, and follow nothing any more. */
  dispose(): void {
    this.#save();
    this.#ended.abort();
  }

  #stored(): T {
    return { ...this.#defaults(), ...readKept("localStorage", this.#key, this.#checks) };
  }

  #save(): void {
    clearTimeout(this.#timer);
    if (!this.#unsaved.size) return;
    const changed = [...this.#unsaved].map((name) => [name, this.#choices[name]]);
    this.#unsaved.clear();
    keep("localStorage", this.#key, Object.fromEntries(changed));
  }

  #follow(): void {
    const changed = Object.entries(this.#stored()).filter(
      ([name]) => !this.#unsaved.has(name as keyof T),
    );
    Object.assign(this.#choices, Object.fromEntries(changed));
  }
}
