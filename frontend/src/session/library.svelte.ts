/** What the server keeps for the person: conversations, characters, backgrounds. */

import type { ConfigFile, HistorySummary } from "../protocol/messages";
import type { Connection } from "./connection.svelte";

export class Library {
  histories = $state<HistorySummary[]>([]);
  /** The conversation that is going on; "" before there is one. */
  currentHistory = $state("");
  characters = $state<ConfigFile[]>([]);
  backgrounds = $state<string[]>([]);
  /** The file of the character that is being switched to; "" when none is. */
  switching = $state("");

  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
    connection.on("background-files", ({ files }) => (this.backgrounds = files));
    connection.on("config-files", ({ configs }) => (this.characters = configs));
    connection.on("history-list", ({ histories }) => (this.histories = histories));
    connection.on("new-history-created", (message) => (this.currentHistory = message.history_uid));
    connection.on("config-switched", () => (this.switching = ""));
  }

  refresh(): void {
    this.#connection.send({ type: "fetch-backgrounds" });
    this.#connection.send({ type: "fetch-configs" });
    this.#connection.send({ type: "fetch-history-list" });
  }

  /** Begin a new conversation. */
  begin(): void {
    this.#connection.send({ type: "create-new-history" });
  }

  /** Go on with a stored conversation. */
  open(uid: string): void {
    if (this.#connection.send({ type: "fetch-and-set-history", history_uid: uid })) {
      this.currentHistory = uid;
    }
  }

  switchTo(file: string): void {
    if (this.#connection.send({ type: "switch-config", file })) this.switching = file;
  }
}
