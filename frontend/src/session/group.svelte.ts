/** The group that the person is in, if any. */

import type { Connection } from "./connection.svelte";

export class Group {
  /** Client ids, the own one among them; empty when there is no group. */
  members = $state<string[]>([]);
  isOwner = $state(false);

  constructor(connection: Connection) {
    connection.on("group-update", (message) => {
      this.members = message.members;
      this.isOwner = message.is_owner;
    });
  }
}
