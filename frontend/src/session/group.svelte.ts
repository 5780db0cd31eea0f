/** The group that the person is in, if any. */

import type { GroupMember } from "@open-llm-vtuber/shared/protocol/messages";

import type { Connection } from "./connection.svelte";

export class Group {
  /** Client ids, the own one among them; empty when there is no group. */
  members = $state<string[]>([]);
  /** Who they are, in the same order. */
  people = $state.raw<readonly GroupMember[]>([]);
  isOwner = $state(false);
  /** The id of who showed the link with which the page was opened; "" when it was answered. */
  invitation = $state(readInvitation());

  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
    connection.on("group-update", (message) => {
      this.members = message.members;
      this.people = message.people ?? [];
      this.isOwner = message.is_owner;
    });
  }

  /** Whether there is anybody else in it. */
  get isShared(): boolean {
    return this.members.length > 1;
  }

  /** Return the name of a member's person; of a client that is none, "". */
  nameOf(uid: string): string {
    return this.people.find((one) => one.uid === uid)?.human_name ?? "";
  }

  refresh(): void {
    this.#connection.send({ type: "request-group-info" });
  }

  /** Take somebody into the group; without one, a group with them begins. */
  invite(uid: string): void {
    this.#connection.send({ type: "add-client-to-group", invitee_uid: uid });
  }

  /** Take a member out; with the own id, leave. */
  remove(uid: string): void {
    this.#connection.send({ type: "remove-client-from-group", target_uid: uid });
  }

  /** The invitation was answered: a reload does not ask again. */
  dismissInvitation(): void {
    this.invitation = "";
    const url = new URL(location.href);
    url.searchParams.delete(INVITE);
    history.replaceState(history.state, "", url);
  }
}

const INVITE = "invite";

/** Return the address of the page `here` that offers to invite the client `uid`. */
export function invitationTo(uid: string, here: string): string {
  const url = new URL(here);
  const token = url.searchParams.get("token");
  url.search = url.hash = "";
  if (token) url.searchParams.set("token", token);
  url.searchParams.set(INVITE, uid);
  return url.href;
}

function readInvitation(): string {
  return new URLSearchParams(location.search).get(INVITE)?.trim() ?? "";
}
