/** What is remembered: who asks for it, what is changed, and what is shown of that. */

import type {
  Memory,
  Passage,
  Remembered,
  ServerMessage,
} from "@open-llm-vtuber/shared/protocol/messages";
import { FakeSocket, fakeSockets } from "@open-llm-vtuber/shared/testing/socket";
import { settled } from "@open-llm-vtuber/shared/testing/sound";
import { fakeBrowser } from "@open-llm-vtuber/shared/testing/storage";
import { beforeEach, expect, test } from "vitest";

import { Connection } from "./connection.svelte";
import { Memories } from "./memories.svelte";
import { Settings } from "./settings.svelte";

const SEA: Remembered = {
  id: 7,
  text: "I live by the sea.",
  kind: "life",
  slot: "home",
  day: null,
  said_at: "2026-05-03T10:00:00",
  history_uid: "old",
  pinned: false,
  edited: false,
};
const MENTION: Passage = {
  message_id: 31,
  history_uid: "older",
  role: "human",
  name: "Ada",
  text: "The sea is loud tonight.",
  said_at: "2026-05-01T10:00:00",
};

let connection: Connection;
let settings: Settings;
let memories: Memories;
beforeEach(() => {
  fakeBrowser();
  fakeSockets();
  settings = new Settings();
  connection = new Connection("ws://here/client-ws");
  memories = new Memories(connection, settings);
  reconnect();
});

function reconnect(): void {
  connection.connect();
  FakeSocket.last.open();
  say({ type: "extensions-enabled", extensions: ["memory"] });
}

function say(message: ServerMessage): void {
  FakeSocket.last.say(message);
}

/** Return what was sent of a kind, the oldest first. */
function sent(type: string): Record<string, unknown>[] {
  return FakeSocket.last.sent.filter((message) => message.type === type);
}

/** What was asked last of a kind is answered. */
function done(type: string, mentions: Passage[] = []): Promise<void> {
  const request_id = String(sent(type).at(-1)?.request_id);
  say({ type: "memory-changed", mentions, request_id });
  return settled();
}

function told(facts: Remembered[], query = "", remembers: Memory["remembers"] = "on"): void {
  const memory: Memory = {
    type: "memory",
    remembers,
    conversation_remembered: true,
    query,
    facts,
    total: facts.length,
    passages: [],
  };
  say({ ...memory, request_id: String(sent("fetch-memory").at(-1)?.request_id) });
}

test("a server that tells nothing of its memory is asked for nothing", () => {
  say({ type: "extensions-enabled", extensions: ["groups"] });
  void memories.look();
  memories.call("Ada");
  expect(FakeSocket.last.sent).toEqual([]);
});

test("who talks here is said once for each connection, and not where nobody has said it", () => {
  memories.introduce();
  expect(sent("set-person")).toEqual([]);
  memories.call("  Ada   Lovelace ");
  memories.introduce();
  expect(sent("set-person")).toMatchObject([{ person: "Ada Lovelace", takes_over: false }]);
  FakeSocket.last.lose();
  reconnect();
  memories.introduce();
  expect(sent("set-person")).toHaveLength(1);
  memories.call("");
  expect(sent("set-person")[1]).toMatchObject({ person: "" });
});

test("that nobody in particular talks here is an answer, too", () => {
  expect(memories.isAsked).toBe(false);
  memories.call("");
  expect([memories.isAsked, settings.now.person]).toEqual([true, ""]);
  expect(sent("set-person")).toEqual([]);
});

test("a name is to be asked for where she remembers, until there is an answer", async () => {
  void memories.prepareToAsk();
  expect(memories.isToBeAsked).toBe(false); // nobody knows yet whether she remembers
  told([], "", "off");
  expect(memories.isToBeAsked).toBe(false);
  void memories.prepareToAsk();
  told([]);
  await settled();
  expect(memories.isToBeAsked).toBe(true);
  memories.call("");
  expect(memories.isToBeAsked).toBe(false);
  FakeSocket.last.lose();
  reconnect();
  void memories.prepareToAsk();
  expect([memories.isToBeAsked, sent("fetch-memory")]).toEqual([false, []]);
});

test("what is remembered of somebody else is not shown any more, and asked for anew", () => {
  void memories.look();
  told([SEA]);
  expect(memories.now?.facts).toEqual([SEA]);
  memories.call("Ada", true);
  expect(memories.now).toBeNull();
  expect(FakeSocket.last.kinds()).toEqual(["fetch-memory", "set-person", "fetch-memory"]);
  expect(sent("set-person")).toMatchObject([{ person: "Ada", takes_over: true }]);
});

test("somebody else begins a conversation of their own, unless they take over what is there", () => {
  memories.call("Ada", true);
  memories.call("Ada");
  expect(sent("create-new-history")).toEqual([]);
  memories.call("Bo");
  expect(FakeSocket.last.kinds().slice(-2)).toEqual(["set-person", "create-new-history"]);
  memories.call("");
  expect(sent("create-new-history")).toHaveLength(2);
});

test("another character remembers other things", () => {
  void memories.look();
  told([SEA]);
  say({ type: "set-model-and-conf", model_info: {}, conf_name: "Wren", conf_uid: "wren" });
  expect(memories.now).toBeNull();
  expect(sent("fetch-memory")).toHaveLength(2);
});

test("what was found counts for the words that are searched now, not for earlier ones", () => {
  void memories.search(" rain ");
  void memories.search("snow");
  told([SEA], "rain");
  expect(memories.now).toBeNull();
  told([], "snow");
  expect(memories.now?.query).toBe("snow");
});

test("what else mentions the forgotten is shown until it is put away or deleted", async () => {
  const forgetting = memories.forget(SEA);
  expect(memories.isChanging).toBe(true);
  await done("forget-fact", [MENTION]);
  told([]);
  expect(await forgetting).toBe(true);
  expect(memories.isChanging).toBe(false);
  expect(memories.mentions).toEqual([MENTION]);
  const deleting = memories.forgetPassage(MENTION);
  expect(sent("forget-message")).toMatchObject([{ message_id: 31, history_uid: "older" }]);
  await done("forget-message");
  told([]);
  await deleting;
  expect(memories.mentions).toEqual([]);
});

test("what is refused has changed nothing, and is looked for once more", async () => {
  const correcting = memories.correct(SEA, " I live\nby the lake. ");
  expect(sent("correct-fact")).toMatchObject([{ fact: 7, text: "I live by the lake." }]);
  say({
    type: "error",
    message: "There is no such memory.",
    request_id: String(sent("correct-fact")[0]?.request_id),
  });
  await settled();
  told([]);
  expect(await correcting).toBe(false);
  expect(memories.now?.facts).toEqual([]);
});

test("much is imported in parts, one after another, until one is refused", async () => {
  const fact = { text: "I like tea.", said_at: SEA.said_at };
  const taking = memories.take(Array.from({ length: 1200 }, () => fact));
  expect(sent("import-memory").map(({ facts }) => (facts as unknown[]).length)).toEqual([500]);
  await done("import-memory");
  told([]);
  await settled();
  expect(sent("import-memory")).toHaveLength(2);
  FakeSocket.last.lose();
  expect(await taking).toBe(false);
});
