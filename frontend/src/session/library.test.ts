import type { HistoryData } from "@open-llm-vtuber/shared/protocol/messages";
import { FakeSocket, fakeSockets } from "@open-llm-vtuber/shared/testing/socket";
import { settled } from "@open-llm-vtuber/shared/testing/sound";
import { fakeBrowser } from "@open-llm-vtuber/shared/testing/storage";
import { beforeEach, expect, test } from "vitest";

import { Connection } from "./connection.svelte";
import { Library } from "./library.svelte";

let connection: Connection;
let library: Library;
beforeEach(() => {
  fakeBrowser();
  fakeSockets();
  openPage();
});

function openPage(): void {
  connection = new Connection("ws://here/client-ws");
  library = new Library(connection);
  reconnect();
}

function reconnect(): void {
  connection.connect();
  FakeSocket.last.open();
}

/** The conversation `history_uid` comes, as the answer to what has that id. */
function opened(history_uid: string, request_id?: string): void {
  const answer: HistoryData = { type: "history-data", messages: [], history_uid };
  FakeSocket.last.say(request_id ? { ...answer, request_id } : answer);
}

/** The character of `file` comes, as the answer to what has that id. */
function changed(file: string, request_id: string): void {
  const character = { model_info: {}, conf_name: "", conf_uid: "", file };
  FakeSocket.last.say({ type: "set-model-and-conf", ...character });
  FakeSocket.last.say({ type: "config-switched", message: "", request_id });
}

function idOf(at: number): string {
  return FakeSocket.last.sent[at]?.request_id as string;
}

test("only an error of its own is the answer to what was asked", async () => {
  const opening = library.open("one");
  FakeSocket.last.say({ type: "error", message: "The voice broke." });
  await settled();
  expect(library.opening).toBe("one");
  FakeSocket.last.say({ type: "error", message: "There is none.", request_id: idOf(0) });
  expect(await opening).toBe("refused");
  expect(library.opening).toBe("");
});

test("an error while a character comes does not say that it has not come", async () => {
  void library.change("pirate.yaml");
  FakeSocket.last.say({ type: "error", message: "The voice broke." });
  await settled();
  expect(library.switching).toBe("pirate.yaml");
  expect(FakeSocket.last.kinds()).toEqual(["switch-config"]);
  changed("pirate.yaml", idOf(0));
  await settled();
  expect([library.switching, library.currentCharacter]).toEqual(["", "pirate.yaml"]);
  expect(FakeSocket.last.kinds()).toEqual(["switch-config", "create-new-history"]);
});

test("answers are told apart when two conversations are opened at once", async () => {
  void library.open("one");
  void library.open("two");
  opened("one", idOf(0));
  await settled();
  expect([library.currentConversation, library.opening]).toEqual(["one", "two"]);
  FakeSocket.last.say({ type: "error", message: "There is none.", request_id: idOf(1) });
  await settled();
  expect([library.currentConversation, library.opening]).toEqual(["one", ""]);
});

test("a server that brings no ids back answers in order", async () => {
  void library.open("one");
  void library.open("two");
  opened("one");
  opened("two");
  await settled();
  expect([library.currentConversation, library.opening]).toEqual(["two", ""]);
});

test("a conversation is the current one when it comes, not when it is asked for", async () => {
  void library.open("one");
  expect([library.opening, library.currentConversation]).toEqual(["one", ""]);
  opened("one", idOf(0));
  await settled();
  expect([library.opening, library.currentConversation]).toEqual(["", "one"]);
});

test("one that is gone is told to who asked, and the current one stays", async () => {
  FakeSocket.last.say({ type: "new-history-created", history_uid: "now" });
  const opening = library.open("gone");
  const { request_id } = FakeSocket.last.sent.at(-1) ?? {};
  FakeSocket.last.say({ type: "error", message: "None.", request_id: request_id as string });
  expect(await opening).toBe("refused");
  expect([library.opening, library.currentConversation]).toEqual(["", "now"]);
});

test("of what an earlier connection was asked nothing is awaited", async () => {
  const opening = library.open("one");
  const { request_id } = FakeSocket.last.sent.at(-1) ?? {};
  FakeSocket.last.lose();
  expect(await opening).toBe("lost");
  reconnect();
  library.refresh();
  expect(library.opening).toBe("");
  FakeSocket.last.say({ type: "error", message: "None.", request_id: request_id as string });
  await settled();
  expect(library.currentConversation).toBe("");
});

test("a conversation with another character is opened when that has come", async () => {
  const opening = library.change("a.yaml", "old");
  expect(FakeSocket.last.kinds()).toEqual(["switch-config"]);
  changed("a.yaml", idOf(0));
  await settled();
  expect(FakeSocket.last.kinds()).toEqual(["switch-config", "fetch-and-set-history"]);
  opened("old", idOf(1));
  expect(await opening).toBe("done");
  expect([library.currentCharacter, library.currentConversation]).toEqual(["a.yaml", "old"]);
});

test("with a character that cannot come nothing else is opened", async () => {
  const opening = library.change("a.yaml", "old");
  FakeSocket.last.say({ type: "error", message: "There is none.", request_id: idOf(0) });
  expect(await opening).toBe("refused");
  expect(FakeSocket.last.kinds()).toEqual(["switch-config"]);
});
