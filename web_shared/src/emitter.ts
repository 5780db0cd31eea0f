/** What tells others of what happens to it. */

import { isolated } from "./isolated";

/**
 * Each kind of event has any number of listeners. One that throws is reported, and the others hear
 * of it all the same.
 *
 * @typeParam Events what is told with each kind
 */
export class Emitter<Events extends { [K in keyof Events]: readonly unknown[] }> {
  readonly #listeners: { [K in keyof Events]?: Set<(...told: Events[K]) => void> } = {};

  /** Listen for one kind of event; the returned function ends that. */
  on<K extends keyof Events>(kind: K, listener: (...told: Events[K]) => void): () => void {
    const all = (this.#listeners[kind] ??= new Set());
    const own = (...told: Events[K]): void => listener(...told); // the same one may listen twice
    all.add(own);
    return () => all.delete(own);
  }

  protected emit<K extends keyof Events>(kind: K, ...told: Events[K]): void {
    for (const listener of [...(this.#listeners[kind] ?? [])]) isolated(() => listener(...told));
  }
}
