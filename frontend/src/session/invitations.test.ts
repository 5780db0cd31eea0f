/** Invitations to a group: one at a time, until each is answered or over. */

import type { GroupInvitation } from "@open-llm-vtuber/shared/protocol/messages";
import { FakeSocket, fakeSockets } from "@open-llm-vtuber/shared/testing/socket";
import { beforeEach, expect, test } from "vitest";

import { Connection } from "./connection.svelte";
import { Invitations } from "./invitations.svelte";

let invitations: Invitations;
let over: string[];
beforeEach(() => {
  fakeSockets();
  const connection = new Connection("ws://here/client-ws");
  invitations = new Invitations(connection);
  over = [];
  invitations.on("over", ({ id }, reason) => over.push(`${id} ${reason}`));
  connection.connect();
  FakeSocket.last.open();
});

function ask(id: string): void {
  const invitation: GroupInvitation = {
    type: "group-invitation",
    id,
    uid: `client of ${id}`,
    human_name: "Zoë",
    character_name: "Wren",
    others: [],
    expires_s: 120,
  };
  FakeSocket.last.say(invitation);
}

test.each([true, false])("an answer (%s) is sent once, and the next is asked", (accept) => {
  ask("one");
  ask("two");
  expect(invitations.now?.id).toBe("one");
  invitations.answer(accept);
  expect(FakeSocket.last.sent.at(-1)).toEqual({
    type: "answer-group-invitation",
    id: "one",
    accept,
  });
  FakeSocket.last.say({ type: "group-invitation-over", id: "one", reason: "answered" });
  expect(invitations.now?.id).toBe("two");
  expect(over).toEqual([]);
});

test("one that is over without an answer is told, also one that waits behind another", () => {
  ask("one");
  ask("two");
  FakeSocket.last.say({ type: "group-invitation-over", id: "two", reason: "withdrawn" });
  FakeSocket.last.say({ type: "group-invitation-over", id: "two", reason: "timeout" });
  FakeSocket.last.say({ type: "group-invitation-over", id: "never", reason: "timeout" });
  expect(invitations.now?.id).toBe("one");
  FakeSocket.last.say({ type: "group-invitation-over", id: "one", reason: "timeout" });
  expect(invitations.now).toBeNull();
  expect(over).toEqual(["two withdrawn", "one timeout"]);
});

test("a lost connection takes them along: they were asked of another client", () => {
  ask("one");
  FakeSocket.last.lose();
  expect(invitations.now).toBeNull();
  const { sent } = FakeSocket.last;
  const before = sent.length;
  invitations.answer(true);
  expect(sent.length).toBe(before);
});
