import type { ListedConversation } from "@open-llm-vtuber/shared/protocol/messages";
import { FakeSocket, fakeSockets } from "@open-llm-vtuber/shared/testing/socket";
import { settled } from "@open-llm-vtuber/shared/testing/sound";
import { fakeBrowser } from "@open-llm-vtuber/shared/testing/storage";
import { beforeEach, expect, test } from "vitest";

import { Connection } from "./connection.svelte";
import { ConversationList } from "./conversation_list.svelte";
import { Deletions } from "./deletions.svelte";
import { listed } from "./testing/conversations";

let connection: Connection;
let deletions: Deletions;
let list: ConversationList;
let stop: () => void;

beforeEach(() => {
  fakeBrowser();
  fakeSockets();
  connection = new Connection("ws://here/client-ws");
  deletions = new Deletions(connection);
  list = new ConversationList(connection, deletions);
  connection.connect();
  FakeSocket.last.open();
  here("wren");
  stop = list.watch();
});

function here(conf_uid: string): void {
  FakeSocket.last.say({ type: "set-model-and-conf", model_info: {}, conf_name: "", conf_uid });
}

/** The answer to the question at this place, from the end, comes. */
async function answer(
  conversations: ListedConversation[],
  { next = null, at = -1 }: { next?: string | null; at?: number } = {},
): Promise<void> {
  const sent = FakeSocket.last.sent.filter(({ type }) => type === "fetch-conversations").at(at);
  const { query, everywhere, after, request_id } = sent as unknown as {
    query: string;
    everywhere: boolean;
    after: string;
    request_id: string;
  };
  const about = { query, everywhere, after, request_id };
  FakeSocket.last.say({ type: "conversations", ...about, conversations, next });
  await settled();
}

function shown(): string[] {
  return list.shown.map(({ uid }) => uid);
}

function questions(): unknown[] {
  return FakeSocket.last.sent
    .filter(({ type }) => type === "fetch-conversations")
    .map(({ query, after }) => [query, after]);
}

const at = (second: number): { timestamp: string } => ({
  timestamp: `2026-01-01T00:00:${String(second).padStart(2, "0")}`,
});

test("parts follow one another, each conversation once", async () => {
  await answer([listed("a"), listed("b")], { next: "place" });
  expect([shown(), list.hasMore]).toEqual([["a", "b"], true]);
  void list.more();
  void list.more();
  await answer([listed("b"), listed("c")]);
  expect([shown(), list.hasMore]).toEqual([["a", "b", "c"], false]);
  expect(questions()).toEqual([
    ["", ""],
    ["", "place"],
  ]);
});

test("what is listed stays when the beginning is asked for anew", async () => {
  await answer([listed("d", at(4)), listed("c", at(3))], { next: "place" });
  void list.more();
  await answer([listed("b", at(2)), listed("a", at(1))]);
  FakeSocket.last.say({ type: "control", text: "conversation-chain-end" });
  await answer([listed("e", at(5)), listed("c", at(3))], { next: "other" });
  expect(shown()).toEqual(["e", "c", "b", "a"]);
  expect(list.hasMore).toBe(false);
});

test("what was asked for before something else is nobody's answer", async () => {
  void list.look(" rain ", false);
  void list.look("snow", false);
  await answer([listed("rainy")], { at: -2 });
  expect(list.wish).toBeNull();
  await answer([listed("snowy")]);
  expect([shown(), list.wish?.query]).toEqual([["snowy"], "snow"]);
  void list.look("", false);
  await answer([listed("a")]);
  expect([shown(), list.wish?.query]).toEqual([["a"], ""]);
});

test("what others change is shown, in its place", async () => {
  await answer([listed("b", at(2)), listed("a", at(1))]);
  const change = (conversation: ListedConversation): void => {
    FakeSocket.last.say({ type: "conversation-changed", conversation, request_id: "told" });
  };
  change(listed("a", { ...at(1), pinned: true, title: "named", named: true }));
  expect([shown(), list.shown[0]?.title]).toEqual([["a", "b"], "named"]);
  change(listed("z", { ...at(0), pinned: true }));
  expect(shown()).toEqual(["a", "z", "b"]);
  change(listed("of another", { conf_uid: "kai" }));
  expect(shown()).toEqual(["a", "z", "b"]);
  FakeSocket.last.say({
    type: "conversation-deleted",
    conf_uid: "wren",
    history_uid: "a",
    success: true,
    request_id: "told",
  });
  expect(shown()).toEqual(["z", "b"]);
});

test("a name that was searched keeps where its words are", async () => {
  void list.look("rain", false);
  const place = { role: "human", name: null, text: "rain", said_at: "" } as const;
  await answer([listed("a", { found: [place], found_more: 2 })]);
  FakeSocket.last.say({ type: "conversation-changed", conversation: listed("a", { title: "x" }) });
  expect(list.shown[0]).toMatchObject({ title: "x", found: [place], found_more: 2 });
  FakeSocket.last.say({ type: "conversation-changed", conversation: listed("b") });
  expect(shown()).toEqual(["a"]);
});

test("what is hidden is in no list", async () => {
  await answer([listed("a"), listed("b")]);
  deletions.hide(listed("a"));
  expect(shown()).toEqual(["b"]);
  deletions.restore(listed("a"));
  expect(shown()).toEqual(["a", "b"]);
});

test("another character has another list; nobody asks for it while nobody looks", async () => {
  await answer([listed("a")]);
  here("kai");
  expect(shown()).toEqual([]);
  await answer([listed("k", { conf_uid: "kai" })]);
  expect(shown()).toEqual(["k"]);
  stop();
  const before = questions().length;
  here("wren");
  FakeSocket.last.say({ type: "control", text: "conversation-chain-end" });
  expect([questions().length, list.wish]).toEqual([before, null]);
});

test("what the server refuses changes nothing", async () => {
  await answer([listed("a")]);
  const renaming = list.rename(listed("a"), "x");
  const { request_id } = FakeSocket.last.sent.at(-1) ?? {};
  FakeSocket.last.say({ type: "error", message: "None.", request_id: request_id as string });
  expect(await renaming).toBe("refused");
  expect(list.shown[0]?.title).toBe("a");
});
