import type { HistoryData, HistorySummary } from "@open-llm-vtuber/shared/protocol/messages";
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

function summary(uid: string): HistorySummary {
  const timestamp = "2026-01-01T00:00:00";
  return { uid, timestamp, latest_message: { role: "human", timestamp, content: uid } };
}

function deletions(): unknown[] {
  return FakeSocket.last.kinds().filter((kind) => kind === "delete-history");
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

test("a deletion is asked for once, however often the list comes before its answer", () => {
  library.hide("one");
  library.delete("one");
  FakeSocket.last.say({ type: "history-list", histories: [summary("one"), summary("two")] });
  library.deleteHidden();
  library.delete("one");
  expect(deletions()).toHaveLength(1);
  FakeSocket.last.say({ type: "history-deleted", success: true, history_uid: "one" });
  expect(library.shown.map(({ uid }) => uid)).toEqual(["two"]);
});

test("a deletion that a page which was left could not send is asked for by the next", () => {
  library.hide("one");
  FakeSocket.last.lose();
  library.deleteHidden();
  openPage();
  FakeSocket.last.say({ type: "history-list", histories: [summary("one"), summary("two")] });
  expect(library.shown.map(({ uid }) => uid)).toEqual(["two"]);
  expect(deletions()).toHaveLength(1);
  FakeSocket.last.say({ type: "history-deleted", success: true, history_uid: "one" });
  openPage();
  FakeSocket.last.say({ type: "history-list", histories: [summary("one")] });
  expect(deletions()).toHaveLength(0);
});

test("a deletion without a connection is asked for when there is one again", () => {
  FakeSocket.last.onclose?.({ reason: "" });
  library.delete("one");
  reconnect();
  library.refresh();
  FakeSocket.last.say({ type: "history-list", histories: [summary("one")] });
  expect(deletions()).toHaveLength(1);
});

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

test("what was found counts for the words that are searched now, not for earlier ones", () => {
  library.search(" rain ");
  library.search("snow");
  FakeSocket.last.say({ type: "history-search", query: "rain", histories: [summary("one")] });
  expect(library.found).toBeNull();
  FakeSocket.last.say({ type: "history-search", query: "snow", histories: [summary("two")] });
  expect(library.shown.map(({ uid }) => uid)).toEqual(["two"]);
  library.search("");
  expect([library.found, FakeSocket.last.sent.length]).toEqual([null, 2]);
  FakeSocket.last.say({ type: "history-search", query: "snow", histories: [summary("two")] });
  expect(library.found).toBeNull();
});

test("a conversation that is hidden can be taken back, and is in neither list meanwhile", () => {
  FakeSocket.last.say({ type: "history-list", histories: [summary("one"), summary("two")] });
  library.hide("one");
  expect(library.shown.map(({ uid }) => uid)).toEqual(["two"]);
  library.restore("one");
  library.deleteHidden();
  expect([library.shown.length, deletions().length]).toEqual([2, 0]);
});

test("with another character the search is over, and what is hidden is deleted before", async () => {
  library.hide("one");
  library.search("rain");
  void library.change("a.yaml");
  expect(library.switching).toBe("a.yaml");
  expect(FakeSocket.last.kinds().slice(-2)).toEqual(["delete-history", "switch-config"]);
  const { request_id } = FakeSocket.last.sent.at(-1) ?? {};
  changed("a.yaml", request_id as string);
  await settled();
  expect([library.switching, library.currentCharacter]).toEqual(["", "a.yaml"]);
  FakeSocket.last.say({ type: "history-search", query: "rain", histories: [summary("one")] });
  await settled();
  expect(library.found).toBeNull();
});

test("a turn that is over is in the list", () => {
  FakeSocket.last.say({ type: "control", text: "conversation-chain-start" });
  expect(FakeSocket.last.kinds()).toEqual([]);
  FakeSocket.last.say({ type: "control", text: "conversation-chain-end" });
  expect(FakeSocket.last.kinds()).toEqual(["fetch-history-list"]);
});
