/** After a reload or a lost connection: the same character, and the conversation goes on. */

import type { Connection } from "./connection.svelte";
import { CONVERSATION, isText, keep, readKept } from "./kept";
import type { Library } from "./library.svelte";

interface Kept {
  readonly history: string;
  /** The file of the character; "" is the one of conf.yaml. */
  readonly file: string;
}

/** Remembers for this tab what is going on, and asks for it again when there is a new connection. */
export class Resume {
  readonly #connection: Connection;
  readonly #library: Library;
  #kept: Kept = read();
  /** Ends the wait for an answer to what was asked. */
  #settle = (): void => {};

  constructor(connection: Connection, library: Library) {
    this.#connection = connection;
    this.#library = library;
    connection.on("new-history-created", ({ history_uid }) => this.#keep({ history: history_uid }));
    connection.on("history-data", () => this.#keep({ history: library.currentHistory }));
  }

  /** Remember that another character is here; `file` is a name of `config-files`. */
  switched(file: string): void {
    this.#keep({ file });
  }

  /** Take up what was going on, or begin anew. */
  run(): void {
    this.#settle();
    const { history, file } = this.#kept;
    const proceed = (): void => (history ? this.#open(history) : this.#library.begin());
    if (!file) proceed();
    else {
      this.#await("config-switched", proceed, () => {
        this.#keep({ file: "" });
        this.#library.begin();
      });
      this.#library.switchTo(file);
    }
  }

  #open(history: string): void {
    this.#await(
      "history-data",
      () => {},
      () => this.#library.begin(), // it was deleted meanwhile
    );
    this.#library.open(history);
  }

  #await(kind: "config-switched" | "history-data", done: () => void, failed: () => void): void {
    const ends = [
      this.#connection.on(kind, () => {
        this.#settle();
        done();
      }),
      this.#connection.on("error", () => {
        this.#settle();
        failed();
      }),
    ];
    this.#settle = () => ends.forEach((end) => void end());
  }

  #keep(change: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...change };
    keep("sessionStorage", CONVERSATION, this.#kept);
  }
}

function read(): Kept {
  const kept = readKept<Kept>("sessionStorage", CONVERSATION, { history: isText, file: isText });
  return { history: "", file: "", ...kept };
}
