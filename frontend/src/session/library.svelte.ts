/** Which conversation and character are here, and others are opened; the backgrounds there are. */

import type { ConfigFile } from "@open-llm-vtuber/shared/protocol/messages";

import type { Connection } from "./connection.svelte";
import { outcomeOf, type Outcome } from "./requests";

/** The cause of a notice that offers to talk with a character. */
export function offerCause(file: string): string {
  return `talk with ${file}`;
}

export class Library {
  /** The conversation that is going on; "" before there is one. */
  currentConversation = $state("");
  /** The conversation that is being opened; "" when none is. */
  opening = $state("");
  characters = $state<ConfigFile[]>([]);
  /** The file of the character that is here. */
  currentCharacter = $state("");
  backgrounds = $state<string[]>([]);
  /** The file of the character that is being switched to; "" when none is. */
  switching = $state("");

  readonly #connection: Connection;
  constructor(connection: Connection) {
    this.#connection = connection;
    connection.on("background-files", ({ files }) => (this.backgrounds = files));
    connection.on("config-files", ({ configs }) => (this.characters = configs));
    connection.on("set-model-and-conf", ({ file }) => {
      if (file) this.currentCharacter = file;
    });
    connection.on("history-data", ({ history_uid }) => {
      if (history_uid) this.currentConversation = history_uid;
    });
    connection.on("new-history-created", (message) => {
      this.currentConversation = message.history_uid;
      this.opening = "";
    });
  }

  /** Ask for everything, since the connection is a new one. */
  refresh(): void {
    this.opening = this.switching = "";
    this.refreshBackgrounds();
    this.refreshCharacters();
  }

  refreshBackgrounds(): void {
    this.#connection.send({ type: "fetch-backgrounds" });
  }

  refreshCharacters(): void {
    this.#connection.send({ type: "fetch-configs" });
  }

  /** A character is deleted: the list need not wait for the server to say so. */
  drop(file: string): void {
    this.characters = this.characters.filter(({ filename }) => filename !== file);
  }

  /** Begin a new conversation. */
  begin(): void {
    this.#connection.send({ type: "create-new-history" });
  }

  /** Go on with a stored conversation; return what became of that. */
  async open(uid: string): Promise<Outcome> {
    this.opening = uid;
    const question = { type: "fetch-and-set-history", history_uid: uid } as const;
    const outcome = await outcomeOf(this.#connection.request(question));
    if (this.opening === uid) this.opening = "";
    return outcome;
  }

  /** Have another character: a new conversation begins with it, or a stored one goes on. */
  async change(file: string, uid = ""): Promise<Outcome> {
    this.switching = file;
    const outcome = await outcomeOf(this.#connection.request({ type: "switch-config", file }));
    if (this.switching === file) this.switching = "";
    if (outcome !== "done") return outcome;
    if (uid) return this.open(uid);
    this.begin();
    return outcome;
  }
}
