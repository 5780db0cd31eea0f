/** What the person is asked before a tool is used. */

import type { ToolPermissionRequest } from "@open-llm-vtuber/shared/protocol/messages";
import { FakeSocket, fakeSockets } from "@open-llm-vtuber/shared/testing/socket";
import { beforeEach, expect, test } from "vitest";

import { Connection } from "./connection.svelte";
import { Permissions } from "./permissions.svelte";

let permissions: Permissions;
let unanswered: string[];
beforeEach(() => {
  fakeSockets();
  const connection = new Connection("ws://here/client-ws");
  permissions = new Permissions(connection);
  unanswered = [];
  permissions.on("unanswered", ({ tool }) => unanswered.push(tool));
  connection.connect();
  FakeSocket.last.open();
});

function ask(id: string): void {
  const question: ToolPermissionRequest = {
    type: "tool-permission-request",
    id,
    tool_id: "call_1",
    tool: "add",
    server: "numbers",
    description: "",
    arguments: "{}",
    description_changed: false,
  };
  FakeSocket.last.say(question);
}

test.each([
  ["once", true, false],
  ["always", true, true],
  ["no", false, false],
] as const)("an answer, %s, is sent, and the question gone at once", (answer, allow, remember) => {
  ask("one");
  expect(permissions.isAsking).toBe(true);
  permissions.answer(answer);
  expect(permissions.isAsking).toBe(false);
  permissions.answer(answer);
  expect(FakeSocket.last.sent).toEqual([
    { type: "tool-permission-answer", id: "one", allow, remember },
  ]);
  FakeSocket.last.say({ type: "tool-permission-closed", id: "one", outcome: "allowed" });
  expect(permissions.now).toBe(null);
});

test("a question that the server closes is gone; one that was left too long is told", () => {
  ask("one");
  ask("two");
  expect(permissions.now?.id).toBe("one");
  FakeSocket.last.say({ type: "tool-permission-closed", id: "one", outcome: "withdrawn" });
  expect(permissions.now?.id).toBe("two");
  expect(unanswered).toEqual([]);
  FakeSocket.last.say({ type: "tool-permission-closed", id: "two", outcome: "unanswered" });
  expect(permissions.now).toBe(null);
  expect(unanswered).toEqual(["add"]);
  FakeSocket.last.say({ type: "tool-permission-closed", id: "three", outcome: "unanswered" });
  expect(unanswered).toEqual(["add"]);
});

test("it is told before the question that is shown goes away", () => {
  const seen: (string | undefined)[] = [];
  permissions.on("over", () => seen.push(permissions.now?.id));
  ask("one");
  ask("two");
  FakeSocket.last.say({ type: "tool-permission-closed", id: "two", outcome: "withdrawn" });
  expect(seen).toEqual([]);
  permissions.answer("no");
  expect(seen).toEqual(["one"]);
});

test("with the connection every question is gone", () => {
  ask("one");
  FakeSocket.last.lose();
  expect(permissions.now).toBe(null);
});

test("what was allowed for good is told, and taken back", () => {
  permissions.refresh();
  const tools = [{ server: "numbers", tool: "add" }];
  FakeSocket.last.say({ type: "tool-permissions", tools });
  expect(permissions.allowed).toEqual(tools);
  permissions.takeBack({ server: "numbers", tool: "add" });
  FakeSocket.last.say({ type: "tool-permissions", tools: [] });
  expect(permissions.allowed).toEqual([]);
  expect(FakeSocket.last.sent).toEqual([
    { type: "fetch-tool-permissions" },
    { type: "take-back-tool-permission", server: "numbers", tool: "add" },
  ]);
});
