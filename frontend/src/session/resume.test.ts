import { CONVERSATION } from "@open-llm-vtuber/shared/kept";
import { FakeSocket, fakeSockets } from "@open-llm-vtuber/shared/testing/socket";
import {
  fakeBrowser,
  FakeStorage,
  type FakeBrowser,
} from "@open-llm-vtuber/shared/testing/storage";
import { beforeEach, expect, test, vi } from "vitest";

import { Connection } from "./connection.svelte";
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
  asked = 0;

  constructor() {
    FakeChannel.all.push(this);
  }

  postMessage(data: unknown): void {
    this.asked += 1;
    for (const one of FakeChannel.all) if (one !== this) one.onmessage?.({ data });
  }
}

interface Tab {
  resume: Resume;
  socket: FakeSocket;
  isElsewhere: boolean;
}

/** Open a tab, with what an earlier page or another tab has kept. */
async function open(kept?: string): Promise<Tab> {
  vi.stubGlobal("sessionStorage", new FakeStorage());
  if (kept) sessionStorage.setItem(CONVERSATION, kept);
  const connection = new Connection("ws://here/client-ws");
  const resume = new Resume(connection);
  const asking = resume.leaveToOthers();
  await vi.advanceTimersByTimeAsync(ANSWER_MS);
  connection.connect();
  FakeSocket.last.open();
  return { resume, socket: FakeSocket.last, isElsewhere: await asking };
}

function kept(): string {
  return sessionStorage.getItem(CONVERSATION) ?? "";
}

function begin(tab: Tab, history_uid: string): void {
  tab.socket.say({ type: "new-history-created", history_uid });
}

function meet(tab: Tab, file: string): void {
  const message = { type: "set-model-and-conf", model_info: {}, conf_name: "", conf_uid: "" };
  tab.socket.say({ ...message, type: "set-model-and-conf", file });
}

test("a first page wishes for nothing", async () => {
  const { resume, isElsewhere } = await open();
  expect([resume.wish, isElsewhere]).toEqual([{}, false]);
});

test("a reload goes on with character and conversation, and asks no other tab", async () => {
  const first = await open();
  meet(first, "a.yaml");
  begin(first, "one");
  browser.tell("pagehide");
  const second = await open(kept());
  expect(second.resume.wish).toEqual({ file: "a.yaml", history_uid: "one" });
  expect([second.isElsewhere, FakeChannel.all.map(({ asked }) => asked)]).toEqual([false, [0, 0]]);
});

test("a tab that is duplicated begins a conversation of its own, with that character", async () => {
  const first = await open();
  meet(first, "a.yaml");
  begin(first, "one");
  const second = await open(kept());
  expect([second.resume.wish, second.isElsewhere]).toEqual([{ file: "a.yaml" }, true]);
  begin(second, "two");
  const third = await open(kept());
  expect(third.isElsewhere).toBe(true);
});

test("a tab that crashed goes on with its conversation", async () => {
  const tab = await open(JSON.stringify({ history: "one", file: "", left: false }));
  expect([tab.resume.wish, tab.isElsewhere]).toEqual([{ history_uid: "one" }, false]);
});

test.each([["null"], ["[]"], ['{"history":{"uid":1},"file":7}'], ["no JSON"]])(
  "what was kept as %s is nothing to go on with",
  async (text) => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    expect((await open(text)).resume.wish).toEqual({});
  },
);

test("a conversation that goes on is the one of the next connection", async () => {
  const tab = await open();
  begin(tab, "one");
  tab.socket.say({ type: "history-data", messages: [], history_uid: "two" });
  expect(tab.resume.wish).toEqual({ history_uid: "two" });
});

test("the same character again leaves the conversation, another one begins anew", async () => {
  const tab = await open(JSON.stringify({ history: "one", file: "a.yaml", left: true }));
  meet(tab, "a.yaml");
  expect(tab.resume.wish).toEqual({ file: "a.yaml", history_uid: "one" });
  // As when the server has the character no longer: it has told so, and greeted with conf.yaml's.
  meet(tab, "conf.yaml");
  expect(tab.resume.wish).toEqual({ file: "conf.yaml" });
  expect(JSON.parse(kept())).toMatchObject({ file: "conf.yaml", history: "" });
});

test("a connection that is lost before it is answered leaves the wish as it was", async () => {
  const tab = await open(JSON.stringify({ history: "one", file: "a.yaml", left: true }));
  tab.socket.lose();
  expect(tab.resume.wish).toEqual({ file: "a.yaml", history_uid: "one" });
});
