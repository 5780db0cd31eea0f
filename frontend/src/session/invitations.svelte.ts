/** Who asks the person to join their group, until it is answered or over. */

import { Emitter } from "@open-llm-vtuber/shared/emitter";
import type { GroupInvitation, InvitationEnd } from "@open-llm-vtuber/shared/protocol/messages";

import type { Connection } from "./connection.svelte";

interface Events {
  /** An invitation ended before the person answered it. */
  over: [invitation: GroupInvitation, reason: InvitationEnd];
}

export class Invitations extends Emitter<Events> {
  /** The oldest first. */
  #open = $state.raw<readonly GroupInvitation[]>([]);
  /** The one that is shown; null when there is none. */
  readonly now = $derived(this.#open[0] ?? null);

  readonly #connection: Connection;

  constructor(connection: Connection) {
    super();
    this.#connection = connection;
    connection.on("group-invitation", (invitation) => {
      this.#open = [...this.#open, invitation];
    });
    connection.on("group-invitation-over", ({ id, reason }) => {
      const invitation = this.#open.find((one) => one.id === id);
      this.#remove(id);
      if (invitation) this.emit("over", invitation, reason);
    });
    // A new connection is another client: nobody has asked that one.
    connection.on("lost", () => (this.#open = []));
  }

  /** Answer the one that is shown. */
  answer(accept: boolean): void {
    if (!this.now) return;
    const { id } = this.now;
    this.#remove(id);
    this.#connection.send({ type: "answer-group-invitation", id, accept });
  }

  #remove(id: string): void {
    this.#open = this.#open.filter((one) => one.id !== id);
  }
}
