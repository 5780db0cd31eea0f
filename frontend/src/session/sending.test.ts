import type { Image } from "@open-llm-vtuber/shared/protocol/messages";
import { FakeSocket, fakeSockets } from "@open-llm-vtuber/shared/testing/socket";
import { fakeBrowser } from "@open-llm-vtuber/shared/testing/storage";
import { beforeEach, expect, test } from "vitest";

import { Connection } from "./connection.svelte";
import { Drafts } from "./drafts.svelte";
import { Sending } from "./sending.svelte";

const UPLOAD: Image = { source: "upload", data: "data:,", mime_type: "" };

let connection: Connection;
let drafts: Drafts;
let sending: Sending;
let shown: string[];
let vision: {
  pictures: readonly Image[];
  take: () => readonly Image[];
  look: () => Promise<Image[]>;
  giveBack: (pictures: readonly Image[]) => void;
};

beforeEach(() => {
  fakeSockets();
  fakeBrowser();
  connection = new Connection("ws://here/client-ws");
  drafts = new Drafts(connection);
  shown = [];
  vision = {
    pictures: [],
    take: () => {
      const taken = vision.pictures;
      vision.pictures = [];
      return taken;
    },
    look: () => Promise.resolve([]),
    giveBack: (pictures) => (vision.pictures = [...pictures, ...vision.pictures]),
  };
  const conversation = {
    type: (text: string, images: readonly Image[]) => {
      const isSent = connection.send({ type: "text-input", text, images: [...images] });
      if (isSent) shown.push(text);
      return isSent;
    },
    withdraw: (text: string) => (shown = shown.filter((one) => one !== text)),
  };
  sending = new Sending(connection, conversation, drafts, vision);
  connection.connect();
  FakeSocket.last.open();
  FakeSocket.last.say({ type: "new-history-created", history_uid: "one" });
});

async function send(text: string): Promise<void> {
  drafts.text = text;
  sending.send();
  await new Promise((resolve) => setTimeout(resolve));
}

function refuse(about: string, limit?: number): void {
  FakeSocket.last.say({
    type: "error",
    message: "No.",
    code: "limit-reached",
    about,
    ...(limit !== undefined && { params: { limit } }),
  });
}

function begin(turn: string): void {
  FakeSocket.last.say({ type: "control", text: "conversation-chain-start", turn });
}

function answer(turn: string): void {
  FakeSocket.last.say({ type: "force-new-message", turn });
  FakeSocket.last.say({
    type: "audio",
    turn,
    audio: null,
    volumes: [],
    slice_length: 20,
    display_text: { text: "Yes.", name: "Wren", avatar: "" },
    actions: null,
    forwarded: false,
  });
}

test("what was sent leaves the box", async () => {
  await send(" Hello. ");
  expect(drafts.text).toBe("");
  expect(shown).toEqual(["Hello."]);
});

test("a text that is too long comes back, before what was written since", async () => {
  await send("Much too long.");
  drafts.text = "And";
  begin("1");
  refuse("system_config.limits.max_text_chars", 5);
  expect(drafts.text).toBe("Much too long.\nAnd");
  expect(shown).toEqual([]);
});

test("pictures that are too many come back with their text", async () => {
  vision.pictures = [UPLOAD];
  await send("Look.");
  expect(vision.pictures).toEqual([]);
  refuse("system_config.limits.max_images", 0);
  expect(drafts.text).toBe("Look.");
  expect(vision.pictures).toEqual([UPLOAD]);
});

test("of several that wait the one that is meant comes back", async () => {
  await send("Short.");
  await send("This one is long.");
  await send("Third.");
  begin("1");
  refuse("system_config.limits.max_text_chars", 10);
  expect(drafts.text).toBe("This one is long.");
  expect(shown).toEqual(["Short.", "Third."]);
  refuse("system_config.limits.max_queued_turns", 4);
  expect(drafts.text).toBe("Third.\nThis one is long.");
  expect(shown).toEqual(["Short."]);
});

test("what was answered does not come back, what came after it does", async () => {
  await send("First.");
  begin("1");
  await send("Second.");
  answer("1");
  refuse("system_config.limits.max_held_bytes", 1);
  expect(drafts.text).toBe("Second.");
  refuse("system_config.limits.max_held_bytes", 1);
  expect(drafts.text).toBe("Second.");
});

test("another failure takes nothing back", async () => {
  await send("Hello.");
  refuse("llm");
  refuse("fetch-backgrounds");
  expect(drafts.text).toBe("");
});

test("what was lost with the connection comes back, unless the history has it", async () => {
  await send("Arrived.");
  await send("Lost.");
  FakeSocket.last.lose();
  connection.connect();
  FakeSocket.last.open();
  const arrived = { role: "human" as const, timestamp: "", content: "Arrived." };
  FakeSocket.last.say({ type: "history-data", history_uid: "one", messages: [arrived] });
  expect(drafts.text).toBe("Lost.");
  FakeSocket.last.say({ type: "history-data", history_uid: "one", messages: [] });
  expect(drafts.text).toBe("Lost.");
});

test("without a connection nothing leaves the box", async () => {
  FakeSocket.last.lose();
  await send("Hello?");
  expect(drafts.text).toBe("Hello?");
  expect(shown).toEqual([]);
});
