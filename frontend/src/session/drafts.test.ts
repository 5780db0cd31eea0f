import { FakeSocket, fakeSockets } from "@open-llm-vtuber/shared/testing/socket";
import { fakeBrowser } from "@open-llm-vtuber/shared/testing/storage";
import { beforeEach, expect, test } from "vitest";

import { Connection } from "./connection.svelte";
import { Drafts } from "./drafts.svelte";

beforeEach(() => {
  fakeSockets();
  fakeBrowser();
});

/** A page that has just been loaded. */
function loaded(): Drafts {
  const connection = new Connection("ws://here/client-ws");
  const drafts = new Drafts(connection);
  connection.connect();
  FakeSocket.last.open();
  return drafts;
}

function open(history_uid: string): void {
  FakeSocket.last.say({ type: "history-data", history_uid, messages: [] });
}

function begin(history_uid: string): void {
  FakeSocket.last.say({ type: "new-history-created", history_uid });
}

test("a reload keeps what was being written", () => {
  const before = loaded();
  begin("one");
  before.text = "Half a sent";
  const after = loaded();
  expect(after.text).toBe("");
  open("one");
  expect(after.text).toBe("Half a sent");
});

test("each conversation has its own", () => {
  const drafts = loaded();
  open("one");
  drafts.text = "for one";
  open("two");
  expect(drafts.text).toBe("");
  drafts.text = "for two";
  open("one");
  expect(drafts.text).toBe("for one");
  open("two");
  expect(drafts.text).toBe("for two");
});

test("what is in the box comes along into a new conversation", () => {
  const drafts = loaded();
  open("one");
  drafts.text = "Wait";
  begin("two");
  expect(drafts.text).toBe("Wait");
  open("one");
  expect(drafts.text).toBe("");
});

test("what is typed before the conversation is known stands behind what was kept", () => {
  const before = loaded();
  begin("one");
  before.text = "kept";
  const after = loaded();
  after.text = "typed";
  open("one");
  expect(after.text).toBe("kept\ntyped");
});

test("the same conversation told anew changes nothing", () => {
  const drafts = loaded();
  open("one");
  drafts.text = "here";
  open("one");
  expect(drafts.text).toBe("here");
});

test("what was sent or deleted is kept no more, and no more than twenty are", () => {
  const drafts = loaded();
  for (let number = 0; number < 25; number += 1) {
    open(`${number}`);
    drafts.text = `draft ${number}`;
  }
  open("24");
  drafts.text = "";
  FakeSocket.last.say({ type: "history-deleted", success: true, history_uid: "23" });
  expect(localStorage.getItem("open-llm-vtuber:drafts")).not.toContain("draft 23");
  const after = loaded();
  for (const [uid, text] of [
    ["3", ""],
    ["24", ""],
    ["23", ""],
    ["22", "draft 22"],
    ["10", "draft 10"],
  ] as const) {
    open(uid);
    expect(after.text, uid).toBe(text);
  }
});

test("what another version left there is not read", () => {
  localStorage.setItem("open-llm-vtuber:drafts", '{"drafts": {"one": 5}}');
  const drafts = loaded();
  open("one");
  expect(drafts.text).toBe("");
});
