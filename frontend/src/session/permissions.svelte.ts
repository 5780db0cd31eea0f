/** What the person is asked before a tool is used, until it is answered or over. */

import { Emitter } from "@open-llm-vtuber/shared/emitter";
import type { AllowedTool, ToolPermissionRequest } from "@open-llm-vtuber/shared/protocol/messages";

import type { Connection } from "./connection.svelte";

interface Events {
  /** The question that is shown is over; it is still on the page. */
  over: [];
  /** A question was left too long: the tool is not used. */
  unanswered: [question: ToolPermissionRequest];
}

export class Permissions extends Emitter<Events> {
  /** The oldest first; the server asks one at a time. */
  #open = $state.raw<readonly ToolPermissionRequest[]>([]);
  /** The question that is shown; null when there is none. */
  readonly now = $derived(this.#open[0] ?? null);

  /** What was allowed for good, as far as the server has told. */
  allowed = $state.raw<readonly AllowedTool[]>([]);

  readonly #connection: Connection;

  constructor(connection: Connection) {
    super();
    this.#connection = connection;
    connection.on("tool-permission-request", (question) => {
      this.#open = [...this.#open, question];
    });
    connection.on("tool-permission-closed", ({ id, outcome }) => {
      const question = this.#open.find((one) => one.id === id);
      this.#remove(id);
      if (question && outcome === "unanswered") this.emit("unanswered", question);
    });
    connection.on("tool-permissions", ({ tools }) => (this.allowed = tools));
    connection.on("lost", () => {
      if (this.now) this.emit("over");
      this.#open = [];
    });
  }

  /** Whether something is asked: then what is said may be the answer, which the server finds out. */
  get isAsking(): boolean {
    return this.now !== null;
  }

  /** Answer the question that is shown. */
  answer(answer: "once" | "always" | "no"): void {
    if (!this.now) return;
    const { id } = this.now;
    this.#remove(id);
    this.#connection.send({
      type: "tool-permission-answer",
      id,
      allow: answer !== "no",
      remember: answer === "always",
    });
  }

  /** Ask what was allowed for good. */
  refresh(): void {
    this.#connection.send({ type: "fetch-tool-permissions" });
  }

  /** Have the person asked again for a tool that was allowed for good. */
  takeBack({ server, tool }: AllowedTool): void {
    this.#connection.send({ type: "take-back-tool-permission", server, tool });
  }

  #remove(id: string): void {
    if (this.now?.id === id) this.emit("over");
    this.#open = this.#open.filter((one) => one.id !== id);
  }
}
