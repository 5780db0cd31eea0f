import { CONVERSATION } from "@open-llm-vtuber/shared/kept";
import { FakeSocket, fakeSockets } from "@open-llm-vtuber/shared/testing/socket";
import { settled } from "@open-llm-vtuber/shared/testing/sound";
import {
  fakeBrowser,
  FakeStorage,
  type FakeBrowser,
} from "@open-llm-vtuber/shared/testing/storage";
import { beforeEach, expect, test, vi } from "vitest";

import { Connection } from "./connection.svelte";
import { Library } from "./library.svelte";
import { Resume } from "./resume";
import { ANSWER_MS } from "./tabs";

let browser: FakeBrowser;
beforeEach(() => {
  fakeSockets();
  browser = fakeBrowser();
  vi.stubGlobal("BroadcastChannel", FakeChannel);
  FakeChannel.all = [];
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

/** All channels of a test are of one name. */
class FakeChannel {
  static all: FakeChannel[] = [];
  onmessage: ((event: { data: unknown }) => void) | null = null;

  constructor() {
    FakeChannel.all.push(this);
  }

  postMessage(data: unknown): void {
    for (const one of FakeChannel.all) if (one !== this) one.onmessage?.({ data });
  }
}

interface Tab {
  resume: Resume;
  socket: FakeSocket;
  elsewhere: ReturnType<typeof vi.fn>;
}

/** Open a tab, with what an earlier page or another tab has kept. */
async function open(kept?: string): Promise<Tab> {
  vi.stubGlobal("sessionStorage", new FakeStorage());
  if (kept) sessionStorage.setItem(CONVERSATION, kept);
  const connection = new Connection("ws://here/client-ws");
  const resume = new Resume(connection, new Library(connection));
  const elsewhere = vi.fn();
  resume.on("elsewhere", elsewhere);
  connection.connect();
  const socket = FakeSocket.last;
  socket.open();
  void resume.run();
  await vi.advanceTimersByTimeAsync(ANSWER_MS);
  return { resume, socket, elsewhere };
}

function kept(): string {
  return sessionStorage.getItem(CONVERSATION) ?? "";
}

function opened(tab: Tab): unknown[] {
  return tab.socket.sent.flatMap(({ type, history_uid }) =>
    type === "fetch-and-set-history" ? [history_uid] : [],
  );
}

test("a reload goes on with the conversation, and asks no other tab", async () => {
  const first = await open();
  first.socket.say({ type: "new-history-created", history_uid: "one" });
  browser.tell("pagehide");
  const second = await open(kept());
  expect(opened(second)).toEqual(["one"]);
  expect(second.elsewhere).not.toHaveBeenCalled();
});

test("a tab that is duplicated begins a conversation of its own and says so", async () => {
  const first = await open();
  first.socket.say({ type: "new-history-created", history_uid: "one" });
  const second = await open(kept());
  expect(opened(second)).toEqual([]);
  expect(second.socket.kinds()).toContain("create-new-history");
  expect(second.elsewhere).toHaveBeenCalledOnce();
  second.socket.say({ type: "new-history-created", history_uid: "two" });
  const third = await open(kept());
  expect(opened(third)).toEqual([]);
});

test("a tab that crashed goes on with its conversation", async () => {
  const tab = await open(JSON.stringify({ history: "one", file: "", left: false }));
  expect(opened(tab)).toEqual(["one"]);
  expect(tab.elsewhere).not.toHaveBeenCalled();
});

test.each([["null"], ["[]"], ['{"history":{"uid":1},"file":7}'], ["no JSON"]])(
  "what was kept as %s is nothing to go on with",
  async (text) => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const tab = await open(text);
    expect(tab.socket.kinds()).toEqual(["create-new-history"]);
  },
);

test("an engine's error while it resumes does not begin a new conversation", async () => {
  const tab = await open(JSON.stringify({ history: "one", file: "a.yaml", left: true }));
  tab.socket.say({ type: "error", message: "The voice broke." });
  const [asked] = tab.socket.sent;
  tab.socket.say({ type: "config-switched", message: "", request_id: `${asked?.request_id}` });
  await settled();
  tab.socket.say({ type: "error", message: "The voice broke again." });
  await settled();
  expect(tab.socket.kinds()).not.toContain("create-new-history");
  expect(opened(tab)).toEqual(["one"]);
});

test("a conversation that is gone, or a character, is begun anew", async () => {
  const tab = await open(JSON.stringify({ history: "one", file: "", left: true }));
  const [asked] = tab.socket.sent;
  tab.socket.say({ type: "error", message: "None.", request_id: `${asked?.request_id}` });
  await settled();
  expect(tab.socket.kinds()).toContain("create-new-history");
  const other = await open(JSON.stringify({ history: "one", file: "a.yaml", left: true }));
  const [switched] = other.socket.sent;
  other.socket.say({ type: "error", message: "None.", request_id: `${switched?.request_id}` });
  await settled();
  expect(other.socket.kinds()).toContain("create-new-history");
  expect(JSON.parse(kept())).toMatchObject({ file: "" });
});

test("a conversation that was opened is the one that a reload goes on with", async () => {
  const tab = await open(JSON.stringify({ history: "one", file: "", left: true }));
  const [asked] = tab.socket.sent;
  tab.socket.say({ type: "history-data", messages: [], request_id: `${asked?.request_id}` });
  await settled();
  expect(JSON.parse(kept())).toMatchObject({ history: "one" });
  expect(tab.socket.kinds()).toEqual(["fetch-and-set-history"]);
});

test("a connection that is lost while it resumes begins nothing; the next one asks anew", async () => {
  const tab = await open(JSON.stringify({ history: "one", file: "a.yaml", left: true }));
  tab.socket.lose();
  await settled();
  expect(tab.socket.kinds()).toEqual(["switch-config"]);
  await vi.advanceTimersByTimeAsync(1000);
  const again = FakeSocket.last;
  again.open();
  void tab.resume.run();
  const [asked] = again.sent;
  again.say({ type: "config-switched", message: "", request_id: `${asked?.request_id}` });
  await settled();
  expect(again.kinds().filter((kind) => kind !== "fetch-history-list")).toEqual([
    "switch-config",
    "fetch-and-set-history",
  ]);
  expect(JSON.parse(kept())).toMatchObject({ history: "one", file: "a.yaml" });
});
