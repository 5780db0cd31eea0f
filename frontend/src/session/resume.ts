/** After a reload or a lost connection: the same character, and the conversation goes on. */

import { Emitter } from "@open-llm-vtuber/shared/emitter";
import { CONVERSATION, isFlag, isText, keep, readKept } from "@open-llm-vtuber/shared/kept";

import type { Connection } from "./connection.svelte";
import type { Library } from "./library.svelte";
import { Tabs } from "./tabs";

interface Kept {
  readonly history: string;
  /** The file of the character; "" is the one of conf.yaml. */
  readonly file: string;
  /** Whether the page that kept it is gone, as before a reload. */
  readonly left: boolean;
}

/**
 * Remembers for this tab what is going on, and asks for it again when there is a new connection.
 *
 * `elsewhere`: the conversation goes on in another tab, and a new one begins here.
 */
export class Resume extends Emitter<{ elsewhere: [] }> {
  readonly #library: Library;
  readonly #tabs: Tabs;
  #kept: Kept = read();
  /** A duplicated tab has what the other kept, whose page is not gone. One that crashed has, too. */
  #isDoubtful: boolean;
  #runs = 0;

  constructor(connection: Connection, library: Library) {
    super();
    this.#library = library;
    this.#isDoubtful = this.#kept.history !== "" && !this.#kept.left;
    this.#tabs = new Tabs(() => (this.#isDoubtful ? "" : this.#kept.history));
    this.#keep({ left: false });
    addEventListener("pagehide", () => this.#keep({ left: true }));
    addEventListener("pageshow", () => this.#keep({ left: false }));
    connection.on("new-history-created", ({ history_uid }) => this.#keep({ history: history_uid }));
    library.on("opened", (uid) => this.#keep({ history: uid }));
  }

  /** Remember that another character is here; `file` is a name of `config-files`. */
  switched(file: string): void {
    this.#keep({ file });
  }

  /** Take up what was going on, or begin anew. */
  async run(): Promise<void> {
    const run = (this.#runs += 1);
    if (this.#isDoubtful) {
      const isElsewhere = await this.#tabs.have(this.#kept.history);
      if (run !== this.#runs) return; // the connection is another one by now
      this.#isDoubtful = false;
      if (isElsewhere) {
        this.#keep({ history: "" });
        this.emit("elsewhere");
      }
    }
    const { history, file } = this.#kept;
    if (file) {
      const outcome = await this.#library.switchTo(file);
      if (outcome === "refused") {
        this.#keep({ file: "" });
        return this.#library.begin();
      }
      if (outcome !== "done") return; // the next connection begins once more
    }
    // That is refused if it was deleted meanwhile.
    if (!history || (await this.#library.open(history)) === "refused") this.#library.begin();
  }

  #keep(change: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...change };
    keep("sessionStorage", CONVERSATION, this.#kept);
  }
}

function read(): Kept {
  const checks = { history: isText, file: isText, left: isFlag };
  return {
    ...{ history: "", file: "", left: false },
    ...readKept<Kept>("sessionStorage", CONVERSATION, checks),
  };
}
