/** The group that the person is in, if any. */

import type { Activity, GroupMember } from "@open-llm-vtuber/shared/protocol/messages";

import type { Connection } from "./connection.svelte";

/** So long somebody does what was told of them, unless it is told again. */
const ACTIVITY_MS = 15_000;
/** So often it is told that the person writes. */
const TELL_MS = 3000;
/** So many colours there are for names. */
const COLOURS = 6;

export class Group {
  /** Client ids, the own one among them; empty when there is no group. */
  members = $state<string[]>([]);
  /** Who they are, in the same order. */
  people = $state.raw<readonly GroupMember[]>([]);
  isOwner = $state(false);
  /** The member whose character answers now; "" when none does. */
  speaker = $state("");
  /** What other people do just now, by the ids of their clients. */
  activities = $state.raw<Readonly<Record<string, Activity>>>({});
  /** The id of who showed the link with which the page was opened; "" when it was answered. */
  invitation = $state(readInvitation());

  readonly #connection: Connection;
  /** Whether the server tells who does what. */
  #isTold = $state(false);
  /** The name that the server knows. */
  #called = "";
  readonly #ends = new Map<string, ReturnType<typeof setTimeout>>();
  #toldAt = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#listen();
    connection.on("group-update", (message) => {
      this.members = message.members;
      this.people = message.people ?? [];
      this.isOwner = message.is_owner;
      const here = Object.entries(this.activities).filter(([uid]) => this.members.includes(uid));
      this.activities = Object.fromEntries(here);
      if (!this.members.includes(this.speaker)) this.speaker = "";
    });
  }

  #listen(): void {
    const connection = this.#connection;
    connection.on("extensions-enabled", ({ extensions }) => {
      this.#isTold = extensions.includes("group-presence");
      this.#called = "";
    });
    connection.on("lost", () => (this.#isTold = false));
    connection.on("group-speaker", ({ uid }) => (this.speaker = uid));
    connection.on("interrupt-signal", () => (this.speaker = ""));
    connection.on("group-activity", ({ uid, activity }) => {
      clearTimeout(this.#ends.get(uid));
      this.activities = { ...this.activities, [uid]: activity };
      if (activity === "none") return;
      const end = (): void => void (this.activities = { ...this.activities, [uid]: "none" });
      this.#ends.set(uid, setTimeout(end, ACTIVITY_MS));
    });
  }

  /** Tell the server what the person is called, where it does not know. */
  introduce(name: string): void {
    if (!this.#isTold || name === this.#called) return;
    this.#called = name;
    this.#connection.send({ type: "set-group-name", name });
  }

  /** Tell the others that the person writes, or no more. */
  writes(isWriting: boolean): void {
    if (!this.#isTold || !this.isShared) return;
    const now = performance.now();
    if (isWriting ? now - this.#toldAt < TELL_MS && this.#toldAt > 0 : this.#toldAt === 0) return;
    this.#toldAt = isWriting ? now : 0;
    this.#connection.send({ type: "tell-activity", activity: isWriting ? "typing" : "none" });
  }

  /** Return the number of the colour of a name, from 0; those who are here have different ones. */
  colourOf(name: string): number {
    const names = this.people.flatMap(({ human_name, character_name }) => [
      human_name,
      character_name,
    ]);
    const place = [...new Set(names)].indexOf(name);
    const sum = [...name].reduce((all, letter) => all + (letter.codePointAt(0) ?? 0), 0);
    return (place >= 0 ? place : sum) % COLOURS;
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
