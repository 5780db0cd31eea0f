/** When a notification is shown, and which one. */

import { FakeSocket } from "@open-llm-vtuber/shared/testing/socket";
import { beforeEach, expect, test, vi } from "vitest";

import { Connection } from "./connection.svelte";
import { Notifier } from "./notifier.svelte";

class FakeNotification {
  static permission = "granted";
  static all: FakeNotification[] = [];
  onclick: (() => void) | null = null;
  isClosed = false;

  constructor(
    readonly title: string,
    readonly options: { body: string },
  ) {
    FakeNotification.all.push(this);
  }

  close(): void {
    this.isClosed = true;
  }
}

const page = Object.assign(new EventTarget(), { hidden: true, visibilityState: "hidden" });
const focus = vi.fn();
let isWanted: boolean;

beforeEach(() => {
  isWanted = true;
  page.hidden = true;
  FakeNotification.permission = "granted";
  FakeNotification.all = [];
  FakeSocket.all = [];
  focus.mockClear();
  vi.stubGlobal("window", globalThis);
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("Notification", FakeNotification);
  vi.stubGlobal("isSecureContext", true);
  vi.stubGlobal("document", page);
  vi.stubGlobal("focus", focus);
  vi.stubGlobal("location", { href: "http://server/" });
  vi.stubGlobal("addEventListener", () => {});
  vi.stubGlobal("navigator", {});
});

function made(): { notifier: Notifier; says: (text: string) => Promise<void>; ends: () => void } {
  const connection = new Connection("ws://server/");
  const who = { name: "Wren", icon: "wren.png", emotions: { joy: 0 } };
  const notifier = new Notifier(
    connection,
    () => isWanted,
    () => who,
  );
  connection.connect();
  FakeSocket.last.onopen?.();
  const tell = (message: object): void =>
    FakeSocket.last.onmessage?.({ data: JSON.stringify(message) });
  return {
    notifier,
    says: async (text) => {
      tell({ type: "audio", display_text: { text } });
      await new Promise((done) => setTimeout(done)); // it is asked for a service worker first
    },
    ends: () => tell({ type: "control", text: "conversation-chain-end" }),
  };
}

test("the first words that she says unasked are told, once", async () => {
  const { notifier, says } = made();
  notifier.expect();
  await says("[joy] Are you there?");
  await says("I have an idea.");
  expect(FakeNotification.all.map(({ title, options }) => [title, options.body])).toEqual([
    ["Wren", "Are you there?"],
  ]);
  FakeNotification.all[0]?.onclick?.();
  expect(focus).toHaveBeenCalledOnce();
  expect(FakeNotification.all[0]?.isClosed).toBe(true);
});

test("an answer to what was asked is not told", async () => {
  const { says } = made();
  await says("It is noon.");
  expect(FakeNotification.all).toEqual([]);
});

test("nothing is told of what she did not say after all", async () => {
  const { notifier, says, ends } = made();
  notifier.expect();
  ends();
  await says("It is noon.");
  expect(FakeNotification.all).toEqual([]);
});

test.each([
  ["nobody wants it", () => (isWanted = false)],
  ["the browser forbids it", () => (FakeNotification.permission = "denied")],
])("nothing is told where %s", async (_, forbid) => {
  const { notifier, says } = made();
  forbid();
  expect(notifier.mayCall).toBe(false);
  notifier.expect();
  await says("Are you there?");
  expect(FakeNotification.all).toEqual([]);
});

test("who is back is told nothing, and what was told goes", async () => {
  const { notifier, says } = made();
  notifier.expect();
  await says("Are you there?");
  notifier.close();
  expect(FakeNotification.all[0]?.isClosed).toBe(true);
  notifier.expect();
  page.hidden = false;
  await says("There you are.");
  expect(FakeNotification.all).toHaveLength(1);
});
