import { FakeSocket } from "@open-llm-vtuber/shared/testing/socket";
import type { TurnMessages } from "@open-llm-vtuber/shared/protocol/messages";
import { beforeEach, expect, it } from "vitest";

import type { Message } from "./message.svelte";
import {
  begin,
  connected,
  conversation,
  end,
  entry,
  hear,
  PICTURE,
  say,
  sentence,
  shown,
  turn,
} from "./testing/conversation";

beforeEach(connected);

function named(more: Partial<TurnMessages> = {}): void {
  FakeSocket.last.say({ type: "turn-messages", turn, ...more });
}

function over(): void {
  FakeSocket.last.say({ type: "control", text: "conversation-chain-end", turn });
}

function message(at: number): Message {
  const found = entry(at);
  if (found.kind !== "message") throw new Error("that is a tool");
  return found;
}

function lastSent(type: string): Record<string, unknown> {
  return FakeSocket.last.sent.findLast((one) => one["type"] === type) ?? {};
}

/** The person asks, and is answered. */
async function answered(text = "Tea?", answer = "No."): Promise<void> {
  conversation.type(text, [PICTURE]);
  const { request_id } = lastSent("text-input");
  begin();
  named({ heard: "q1", answer: "a1", request_id: request_id as string });
  await say(sentence(answer));
  await end();
  over();
}

function written(line: number, text: string): void {
  FakeSocket.last.say({ type: "reply-text", turn, line, text });
}

it("learns how the messages of a turn are called", async () => {
  await answered();
  expect([message(0).serverId, message(1).serverId]).toEqual(["q1", "a1"]);
});

it("shows another answer in the place of the one there was", async () => {
  await answered();
  begin();
  named({ answer: "a2", action: "answer-anew", of: "a1", versions: ["a1", "a2"] });
  expect(shown()).toEqual(["Tea?"]);
  await say(sentence("Perhaps."));
  await end();
  over();
  expect(shown()).toEqual(["Tea?", "Perhaps."]);
  expect(message(1).versions).toEqual(["a1", "a2"]);
});

it("has the old answer back when nothing of another is heard", async () => {
  await answered();
  begin();
  named({ answer: "a2", action: "answer-anew", of: "a1", versions: ["a1", "a2"] });
  written(0, "Perhaps.");
  conversation.interrupt();
  expect(shown()).toEqual(["Tea?", "No."]);
  expect(lastSent("interrupt-signal")["text"]).toBe("");
});

it("says otherwise what was said, with its pictures", async () => {
  await answered();
  conversation.sayOtherwise(message(0), "Coffee?");
  const sent = lastSent("send-again");
  expect(sent).toMatchObject({ message_id: "q1", text: "Coffee?" });
  expect(sent["images"]).toEqual([
    { source: "upload", data: PICTURE.data, mime_type: "image/jpeg" },
  ]);
  begin();
  const request_id = sent["request_id"] as string;
  named({
    heard: "q2",
    answer: "a2",
    action: "send-again",
    of: "q1",
    versions: ["q1", "q2"],
    request_id,
  });
  await say(sentence("Gladly."));
  await end();
  over();
  expect(shown()).toEqual(["Coffee?", "Gladly."]);
  expect(message(0).versions).toEqual(["q1", "q2"]);
  expect(message(1).versions).toEqual([]);
});

it("goes on in the message that was cut off", async () => {
  conversation.type("Count.", []);
  begin();
  named({ heard: "q1", answer: "a1" });
  await say(sentence("One, two."));
  hear(2);
  conversation.interrupt();
  expect(message(1).cut).toBe(true);
  const before = message(1).text;
  begin();
  named({ answer: "a2", action: "go-on", of: "a1" });
  expect(message(1).cut).toBe(false);
  await say(sentence("Three."));
  await end();
  over();
  expect(message(1).text).toBe(`${before} Three.`);
  expect(message(1).serverId).toBe("a2");
});

it("is as it was when nothing is heard of what goes on", async () => {
  conversation.type("Count.", []);
  begin();
  named({ heard: "q1", answer: "a1" });
  await say(sentence("One, two."));
  hear(2);
  conversation.interrupt();
  begin();
  named({ answer: "a2", action: "go-on", of: "a1" });
  over();
  expect([message(1).cut, message(1).serverId]).toEqual([true, "a1"]);
});

it("says again without saying it twice", async () => {
  await answered();
  begin();
  named({ action: "say-again", of: "a1" });
  await say(sentence("No."));
  expect(conversation.turn).toBe("speaking");
  expect(conversation.caption?.text).toBe("No.");
  await end();
  over();
  expect(shown()).toEqual(["Tea?", "No."]);
});

it("shows what is written before it is heard, and keeps what was heard", async () => {
  conversation.type("Hello.", []);
  begin();
  named({ heard: "q1", answer: "a1" });
  written(0, "One.");
  written(1, "Two.");
  expect(message(1).shown).toBe("One. Two.");
  expect(message(1).text).toBe("");
  written(1, "");
  expect(message(1).shown).toBe("One.");
  await say(sentence("One."));
  expect(conversation.entries.length).toBe(2);
  await end();
  written(1, "Three.");
  conversation.interrupt();
  expect(message(1).shown).toBe("One.");
});

it("keeps what is known when the conversation is told anew", async () => {
  await answered();
  const { id } = message(0);
  FakeSocket.last.say({
    type: "history-data",
    messages: [
      { role: "human", timestamp: "2026-11-22T17:04:20", content: "Tea?", id: "q1" },
      {
        role: "ai",
        timestamp: "2026-11-22T17:04:21",
        content: "Yes.",
        id: "a0",
        versions: ["a0", "a1"],
      },
    ],
  });
  expect(message(0).id).toBe(id);
  expect(message(0).images).toEqual([PICTURE.data]);
  expect([message(1).text, message(1).versions]).toEqual(["Yes.", ["a0", "a1"]]);
});
