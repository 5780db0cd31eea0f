import { SoundOutput } from "@open-llm-vtuber/shared/audio/output";
import type { Image } from "@open-llm-vtuber/shared/protocol/messages";
import { FakeSocket, fakeSockets } from "@open-llm-vtuber/shared/testing/socket";
import { fakeSound } from "@open-llm-vtuber/shared/testing/sound";
import { beforeEach, expect, test } from "vitest";

import { Player } from "../audio/player";
import { Connection } from "./connection.svelte";
import { Conversation } from "./conversation.svelte";
import { Metrics } from "./metrics.svelte";

const PICTURE: Image = { source: "camera", data: "data:image/jpeg;base64,AA", mime_type: "" };

let conversation: Conversation;
beforeEach(() => {
  fakeSockets();
  fakeSound();
  const connection = new Connection("ws://here/client-ws");
  const player = new Player(new SoundOutput());
  conversation = new Conversation(
    connection,
    player,
    new Metrics(connection),
    { emotions: {} },
    { isShared: false },
  );
  connection.connect();
  FakeSocket.last.open();
});

function pictures(): (readonly string[])[] {
  return conversation.entries.map((entry) => (entry.kind === "said" ? entry.images : []));
}

test("pictures that went with what was spoken are in its bubble, and in no later one", () => {
  conversation.showWith([PICTURE]);
  FakeSocket.last.say({ type: "control", text: "conversation-chain-start" });
  FakeSocket.last.say({ type: "user-input-transcription", text: "What is this?" });
  FakeSocket.last.say({ type: "user-input-transcription", text: "And that?" });
  expect(pictures()).toEqual([[PICTURE.data], []]);
});

test("pictures of words that were not understood are in no bubble", () => {
  conversation.showWith([PICTURE]);
  FakeSocket.last.say({ type: "user-input-transcription", text: " " });
  FakeSocket.last.say({ type: "user-input-transcription", text: "Hello?" });
  expect(pictures()).toEqual([[]]);
});
