/** What was asked for and is not answered yet, by the id that the answer brings back. */

export class Pending<T> {
  readonly #asked = new Map<string, T>();
  readonly #kind: string;
  #last = 0;

  /** @param kind begins the ids, so that those of different kinds differ */
  constructor(kind: string) {
    this.#kind = kind;
  }

  /** Remember what is asked for; return the id to ask with. */
  add(what: T): string {
    const id = `${this.#kind}-${(this.#last += 1)}`;
    this.#asked.set(id, what);
    return id;
  }

  /** Return what an answer is to, if it was asked; a server that knows no ids answers in order. */
  answered(id: string | undefined): T | undefined {
    const [first] = this.#asked.keys();
    return this.#take(id ?? first);
  }

  /** Return what it was that failed. An error without an id is about something else. */
  failed(id: string | undefined): T | undefined {
    return this.#take(id);
  }

  /** Nothing of it will be answered any more; return what that is. */
  clear(): T[] {
    const unanswered = [...this.#asked.values()];
    this.#asked.clear();
    return unanswered;
  }

  #take(id: string | undefined): T | undefined {
    if (id === undefined) return undefined;
    const what = this.#asked.get(id);
    this.#asked.delete(id);
    return what;
  }
}
