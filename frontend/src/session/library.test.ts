import type { HistorySummary } from "@open-llm-vtuber/shared/protocol/messages";
import { FakeSocket, fakeSockets } from "@open-llm-vtuber/shared/testing/socket";
import { beforeEach, expect, test, vi } from "vitest";

import { Connection } from "./connection.svelte";
import { Library } from "./library.svelte";

let connection: Connection;
let library: Library;
beforeEach(() => {
  fakeSockets();
  connection = new Connection("ws://here/client-ws");
  library = new Library(connection);
  reconnect();
});

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

test("a deletion without a connection is asked for when there is one again", () => {
  FakeSocket.last.onclose?.({ reason: "" });
  library.delete("one");
  reconnect();
  library.refresh();
  FakeSocket.last.say({ type: "history-list", histories: [summary("one")] });
  expect(deletions()).toHaveLength(1);
});

test("only an error of its own is the answer to what was asked", () => {
  const failed = vi.fn();
  library.open("one", failed);
  FakeSocket.last.say({ type: "error", message: "The voice broke." });
  expect(failed).not.toHaveBeenCalled();
  expect(library.opening).toBe("one");
  FakeSocket.last.say({ type: "error", message: "There is none.", request_id: idOf(0) });
  expect(failed).toHaveBeenCalledOnce();
  expect(library.opening).toBe("");
});

test("an error while a character comes does not say that it has not come", () => {
  const changed = vi.fn();
  library.on("changed", changed);
  library.change("pirate.yaml");
  FakeSocket.last.say({ type: "error", message: "The voice broke." });
  expect(library.switching).toBe("pirate.yaml");
  FakeSocket.last.say({ type: "config-switched", message: "", request_id: idOf(0) });
  expect([library.switching, library.currentCharacter]).toEqual(["", "pirate.yaml"]);
  expect(changed).toHaveBeenCalledWith("pirate.yaml");
});

test("answers are told apart when two conversations are opened at once", () => {
  library.open("one");
  library.open("two");
  FakeSocket.last.say({ type: "history-data", messages: [], request_id: idOf(0) });
  expect([library.currentHistory, library.opening]).toEqual(["one", "two"]);
  FakeSocket.last.say({ type: "error", message: "There is none.", request_id: idOf(1) });
  expect([library.currentHistory, library.opening]).toEqual(["one", ""]);
});

test("a server that brings no ids back answers in order", () => {
  library.open("one");
  library.open("two");
  FakeSocket.last.say({ type: "history-data", messages: [] });
  FakeSocket.last.say({ type: "history-data", messages: [] });
  expect([library.currentHistory, library.opening]).toEqual(["two", ""]);
});
