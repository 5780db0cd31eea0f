/** The conversation: what is said, by whom, and what is shown of it. */

import type { HistoryMessage } from "@open-llm-vtuber/shared/protocol/messages";
import { FakeSocket } from "@open-llm-vtuber/shared/testing/socket";
import { FakeSource, settled } from "@open-llm-vtuber/shared/testing/sound";
import { beforeEach, expect, test, vi } from "vitest";

import { INTERRUPTED } from "./told_history";
import {
  CALL,
  LEAD_S,
  PICTURE,
  begin,
  connected,
  connection,
  conversation,
  end,
  entry,
  group,
  half,
  hear,
  metrics,
  pictures,
  say,
  sentence,
  shown,
  turn,
} from "./testing/conversation";

beforeEach(connected);

test("a turn is thought about, spoken word by word, and over when all was heard", async () => {
  const turns: string[] = [];
  conversation.on("turn", (turn) => void turns.push(turn));
  begin();
  await say(sentence("One two three four."));
  expect([conversation.turn, shown()]).toEqual(["speaking", ["One "]]);
  hear(1.2);
  expect(shown()).toEqual(["One two three "]);
  expect(conversation.caption).toEqual({ text: "One two three four.", heard: 14 });
  FakeSocket.last.say({ type: "backend-synth-complete", turn });
  FakeSocket.last.say({ type: "control", text: "conversation-chain-end", turn });
  await settled();
  expect([FakeSocket.last.sent, conversation.turn]).toEqual([[], "speaking"]);
  await end();
  expect(FakeSocket.last.kinds()).toEqual(["frontend-playback-complete"]);
  expect([conversation.turn, conversation.caption]).toEqual(["idle", null]);
  expect(entry(0)).toMatchObject({ text: "One two three four.", cut: false, growing: false });
  expect(turns).toEqual(["thinking", "speaking", "idle"]);
});

test("a sentence that comes by chunks is spoken as it comes, and its turn ends with its last", async () => {
  const played = vi.spyOn(metrics, "played");
  begin();
  FakeSocket.last.say(sentence("One two three four.", { audio: null, segment: 1 }));
  expect(conversation.turn).toBe("thinking");
  half(1);
  expect([conversation.turn, played.mock.calls.length]).toEqual(["speaking", 1]);
  hear(LEAD_S);
  expect(shown()).toEqual(["One "]);
  half(1, true);
  FakeSocket.last.say({ type: "backend-synth-complete", turn });
  await end();
  expect(FakeSocket.last.sent).toEqual([]);
  await end();
  expect(shown()).toEqual(["One two three four."]);
  expect(FakeSocket.last.kinds()).toEqual(["frontend-playback-complete"]);
});

test("sentences of a turn are one bubble, and stand apart where their language wants it", async () => {
  begin();
  await say(sentence("Good day."), sentence("How are you?"));
  await end();
  await end();
  expect(shown()).toEqual(["Good day. How are you?"]);
  begin();
  await say(sentence("你好。"), sentence("你好吗？"));
  await end();
  await end();
  expect(shown()).toEqual(["Good day. How are you?", "你好。你好吗？"]);
});

test("why nothing came of the last turn is known until the next one", async () => {
  const away = { type: "error", message: "The model is away." } as const;
  const over = { type: "control", text: "conversation-chain-end" } as const;
  begin();
  FakeSocket.last.say({ ...away, turn });
  FakeSocket.last.say({ ...over, turn });
  await settled();
  expect(conversation.failure?.message).toBe(away.message);
  begin();
  expect(conversation.failure).toBeNull();
  await say(sentence("One."));
  FakeSocket.last.say({ ...away, turn });
  FakeSocket.last.say({ ...over, turn });
  await end();
  expect([conversation.failure, conversation.turn]).toEqual([null, "idle"]); // something came
  begin();
  FakeSocket.last.say({ ...away, code: "nothing-heard", turn });
  FakeSocket.last.say({ ...over, turn });
  await settled();
  expect(conversation.failure).toBeNull();
  begin();
  FakeSocket.last.say({ ...away, turn });
  conversation.interrupt();
  await settled();
  expect([conversation.failure, conversation.turn]).toEqual([null, "idle"]);
});

test("a voice that fails is known where nothing of the turn was heard", async () => {
  const mute = { type: "error", message: "The voice is away.", about: "tts" } as const;
  const over = { type: "control", text: "conversation-chain-end" } as const;
  begin();
  FakeSocket.last.say({ ...mute, code: "service-unreachable", turn });
  await say(sentence("One.", { audio: null }));
  FakeSocket.last.say({ ...over, turn });
  await settled();
  expect([shown(), conversation.failure?.message]).toEqual([["One."], mute.message]);
  begin();
  expect(conversation.failure).toBeNull();
  await say(sentence("Two."));
  FakeSocket.last.say({ ...mute, code: "service-unreachable", turn });
  FakeSocket.last.say({ ...over, turn });
  await end();
  expect(conversation.failure).toBeNull(); // something was heard
  begin();
  FakeSocket.last.say({ ...mute, code: "script-unspoken", turn });
  await say(sentence("三。", { audio: null }));
  FakeSocket.last.say({ ...over, turn });
  await settled();
  expect(conversation.failure).toBeNull(); // it works, but not for these words
});

test("without a connection nothing that is typed is taken as said", () => {
  FakeSocket.last.lose();
  expect(conversation.type("Hello?", [])).toBe(false);
  expect(conversation.entries).toEqual([]);
});

test("a connection that is lost within a turn ends it; the next one is a turn of its own", async () => {
  begin();
  await say(sentence("One two."), sentence("Three."));
  FakeSocket.last.say({ type: "partial-transcript", text: "wai" });
  conversation.showWith([PICTURE]);
  FakeSocket.last.lose();
  conversation.abandon();
  await settled();
  expect([conversation.turn, conversation.partial]).toEqual(["idle", ""]);
  expect(FakeSource.all.some(({ isConnected }) => isConnected)).toBe(false);
  expect(entry(0)).toMatchObject({ cut: true });
  connection.connect();
  FakeSocket.last.open();
  FakeSocket.last.say({ type: "user-input-transcription", text: "Hello?" });
  begin();
  await say(sentence("Yes?"));
  conversation.interrupt();
  expect(FakeSocket.last.sent).toEqual([{ type: "interrupt-signal", text: "Yes?", turn }]);
  expect([shown(), pictures().at(1)]).toEqual([["One ", "Hello?", "Yes?"], []]);
});

test("who speaks next in a group has a bubble of their own, and only ours moves the face", async () => {
  const faces: unknown[] = [];
  conversation.on("sentence", (expressions, strength) => void faces.push([expressions, strength]));
  begin();
  const other = { text: "Hello.", name: "Rook", avatar: "" };
  await say(
    sentence("[joy] Hi.", { actions: { expressions: [3] }, expression_strength: 0.5 }),
    sentence("", { display_text: other, forwarded: true, actions: { expressions: [7] } }),
  );
  await end();
  await end();
  expect(conversation.entries).toMatchObject([
    { speaker: "Wren", text: "Hi." },
    { speaker: "Rook", text: "Hello." },
  ]);
  expect(faces).toEqual([[[3], 0.5]]);
});

test("in a group the others are shown a sentence of ours when it begins to sound", async () => {
  group.isShared = true;
  begin();
  await say(sentence("One."), sentence("Two."), sentence("Three.", { forwarded: true }));
  expect(FakeSocket.last.sent).toHaveLength(1);
  await end();
  await end();
  expect(FakeSocket.last.sent).toMatchObject([
    { type: "audio-play-start", display_text: { text: "One." } },
    { type: "audio-play-start", display_text: { text: "Two." } },
  ]);
});

test("a new message is asked for while the one before still sounds", async () => {
  begin();
  FakeSocket.last.say(sentence("One two."));
  FakeSocket.last.say({ type: "force-new-message", turn });
  await say(sentence("Three."));
  expect(entry(0)).toMatchObject({ growing: true });
  await end();
  expect(conversation.entries).toMatchObject([
    { text: "One two.", growing: false },
    { text: "Three.", growing: true },
  ]);
});

test("a tool is shown where it is used, with what it was given and what came of it", async () => {
  begin();
  await say(sentence("Let me see."));
  FakeSocket.last.say({ ...CALL, turn });
  await say(sentence("It is noon."));
  FakeSocket.last.say({ ...CALL, turn, status: "completed", content: "12:00" });
  await end();
  await end();
  expect(shown()).toEqual(["Let me see.", "clock: completed", "It is noon."]);
  expect(entry(1)).toMatchObject({ input: '{"zone": "UTC"}', result: "12:00" });
});

test("what is said is shown while it is said, until it is understood", () => {
  FakeSocket.last.say({ type: "partial-transcript", text: "Good mor" });
  FakeSocket.last.say({ type: "user-input-transcription", text: "Hello!", name: "Ann" });
  expect([conversation.partial, shown()]).toEqual(["Good mor", ["Hello!"]]);
  FakeSocket.last.say({ type: "user-input-transcription", text: "Good morning." });
  expect([conversation.partial, shown()]).toEqual(["", ["Hello!", "Good morning."]]);
});

test("pictures that went with what was spoken are in its bubble, and in no later one", () => {
  conversation.showWith([PICTURE]);
  begin();
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

test("a stored conversation takes the place of what is shown, and of a turn that goes on", async () => {
  begin();
  await say(sentence("One."));
  const timestamp = "2026-01-01T00:00:00Z";
  const messages: HistoryMessage[] = [
    { role: "human", content: "Hi.", timestamp, name: "Me" },
    { role: "human", content: "Hi, too.", timestamp, name: "Ann", other: true },
    { role: "ai", content: "[joy] Hello", timestamp, name: "Wren" },
    { role: "system", content: INTERRUPTED, timestamp },
    { role: "human", content: "Oh.", timestamp },
    { role: "system", content: INTERRUPTED, timestamp },
  ];
  FakeSocket.last.say({ type: "history-data", messages });
  expect([conversation.turn, FakeSource.all[0]?.isConnected]).toEqual(["idle", false]);
  expect(conversation.entries).toMatchObject([
    { role: "human", text: "Hi.", speaker: "", cut: false },
    { role: "human", text: "Hi, too.", speaker: "Ann", cut: false },
    { role: "ai", text: "Hello", speaker: "Wren", cut: true },
    { role: "human", text: "Oh.", cut: false },
  ]);
  FakeSocket.last.say({ type: "new-history-created", history_uid: "new" });
  expect(conversation.entries).toEqual([]);
});

test("how long the first sound waited is measured once a turn, for her own voice", async () => {
  const played = vi.spyOn(metrics, "played");
  begin();
  await say(sentence("Rook.", { forwarded: true }));
  await end();
  await say(sentence("One."));
  await end();
  await say(sentence("Two."));
  expect(played).toHaveBeenCalledOnce();
});

test("a viewer of the stream is shown as such, and what comes of another turn is not", async () => {
  begin();
  const line = {
    type: "viewer-message",
    platform: "Twitch",
    name: "Bob",
    text: "<b>Hi</b>",
  } as const;
  FakeSocket.last.say({ ...line, turn: "another" });
  FakeSocket.last.say({ ...line, turn });
  await say(sentence("Hello Bob."));
  await end();
  expect(shown()).toEqual(["<b>Hi</b>", "Hello Bob."]);
  const said = entry(0);
  if (said.kind !== "message") throw new Error("it is no message");
  expect([said.role, said.speaker, said.platform]).toEqual(["viewer", "Bob", "Twitch"]);
});

test("a question that she asks aloud is played some time after its sound, and is no word of hers", async () => {
  begin();
  await say(sentence("Let me see."), sentence(""));
  FakeSocket.last.say({ type: "tool-question-asked", id: "one", turn: "another" });
  FakeSocket.last.say({ type: "tool-question-asked", id: "two", turn });
  await end();
  expect(shown()).toEqual(["Let me see."]);
  expect(FakeSocket.last.sent).toEqual([]);
  vi.useFakeTimers();
  try {
    await end();
    expect(FakeSocket.last.sent).toEqual([]);
    vi.runAllTimers();
  } finally {
    vi.useRealTimers();
  }
  expect(FakeSocket.last.sent).toEqual([{ type: "tool-question-played", id: "two" }]);
  expect(shown()).toEqual(["Let me see."]);
});
