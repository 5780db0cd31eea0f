import { DELETIONS } from "@open-llm-vtuber/shared/kept";
import { FakeSocket, fakeSockets } from "@open-llm-vtuber/shared/testing/socket";
import { fakeBrowser } from "@open-llm-vtuber/shared/testing/storage";
import { beforeEach, expect, test } from "vitest";

import { Connection } from "./connection.svelte";
import { Deletions } from "./deletions.svelte";

let connection: Connection;
let deletions: Deletions;
const ONE = { conf_uid: "wren", uid: "one" };
const ELSEWHERE = { conf_uid: "kai", uid: "one" };

beforeEach(() => {
  fakeBrowser();
  fakeSockets();
  openPage();
});

function openPage(): void {
  connection = new Connection("ws://here/client-ws");
  deletions = new Deletions(connection);
  reconnect();
}

function reconnect(): void {
  connection.connect();
  FakeSocket.last.open();
}

function asked(): unknown[] {
  return FakeSocket.last.sent.map(({ conf_uid, history_uid }) => [conf_uid, history_uid]);
}

function gone({ conf_uid, uid }: typeof ONE): void {
  const type = "conversation-deleted";
  FakeSocket.last.say({ type, conf_uid, history_uid: uid, success: true });
}

test("a conversation that is hidden can be taken back", () => {
  deletions.hide(ONE);
  expect([deletions.hides(ONE), deletions.hides(ELSEWHERE)]).toEqual([true, false]);
  deletions.restore(ONE);
  deletions.deleteHidden();
  expect([deletions.hides(ONE), asked()]).toEqual([false, []]);
});

test("a deletion is asked for once, until it is answered", () => {
  deletions.hide(ONE);
  deletions.delete(ONE);
  deletions.deleteHidden();
  deletions.resume();
  expect(asked()).toEqual([["wren", "one"]]);
  gone(ELSEWHERE);
  expect(deletions.hides(ONE)).toBe(true);
  gone(ONE);
  expect(deletions.hides(ONE)).toBe(false);
  deletions.resume();
  expect(asked()).toHaveLength(1);
});

test("a deletion that a page which was left could not send is asked for by the next", () => {
  deletions.hide(ONE);
  FakeSocket.last.lose();
  deletions.deleteHidden();
  openPage();
  expect(deletions.hides(ONE)).toBe(true);
  deletions.resume();
  expect(asked()).toEqual([["wren", "one"]]);
  gone(ONE);
  openPage();
  deletions.resume();
  expect(asked()).toEqual([]);
});

test("what another version has kept does no harm", () => {
  localStorage.setItem(DELETIONS, JSON.stringify({ due: ["old", 7] }));
  openPage();
  deletions.resume();
  expect(asked()).toEqual([]);
});
