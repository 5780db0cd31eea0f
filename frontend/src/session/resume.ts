/** Remembers for this tab who is talked with and in which conversation, for the next connection. */

import { CONVERSATION, isFlag, isText, keep, readKept } from "@open-llm-vtuber/shared/kept";
import type { Hello } from "@open-llm-vtuber/shared/protocol/messages";

import type { Connection } from "./connection.svelte";
import { Tabs } from "./tabs";

interface Kept {
  readonly history: string;
  /** The file of the character; "" before one is known. */
  readonly file: string;
  /** Whether the page that kept it is gone, as before a reload. */
  readonly left: boolean;
}

/** After a reload or a lost connection: the same character, and the conversation goes on. */
export class Resume {
  readonly #tabs: Tabs;
  #kept: Kept = read();
  /** A duplicated tab has what the other kept, whose page is not gone. One that crashed has, too. */
  #isDoubtful: boolean;

  constructor(connection: Connection) {
    this.#isDoubtful = this.#kept.history !== "" && !this.#kept.left;
    this.#tabs = new Tabs(() => (this.#isDoubtful ? "" : this.#kept.history));
    this.#keep({ left: false });
    addEventListener("pagehide", () => this.#keep({ left: true }));
    addEventListener("pageshow", () => this.#keep({ left: false }));
    connection.on("set-model-and-conf", ({ file }) => {
      // With another character another conversation begins.
      if (file && file !== this.#kept.file) this.#keep({ file, history: "" });
    });
    connection.on("new-history-created", ({ history_uid }) => this.#keep({ history: history_uid }));
    connection.on("history-data", ({ history_uid }) => {
      if (history_uid) this.#keep({ history: history_uid });
    });
  }

  /** How the next connection begins: with this character and in this conversation. */
  get wish(): Pick<Hello, "file" | "history_uid"> {
    const { file, history } = this.#kept;
    return { ...(file && { file }), ...(history && { history_uid: history }) };
  }

  /**
   * Find out, before there is a connection, whether the conversation goes on in another tab: then
   * a new one begins here. Returns whether that is so.
   */
  async leaveToOthers(): Promise<boolean> {
    const isElsewhere = this.#isDoubtful && (await this.#tabs.have(this.#kept.history));
    this.#isDoubtful = false;
    if (isElsewhere) this.#keep({ history: "" });
    return isElsewhere;
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
