/** The conversation: turns by a scripted server, a scripted clock and a scripted loudspeaker. */

import { SoundOutput } from "@open-llm-vtuber/shared/audio/output";
import type {
  Audio,
  HistoryMessage,
  Image,
  ToolCallStatus,
} from "@open-llm-vtuber/shared/protocol/messages";
import { FakeSocket, fakeSockets } from "@open-llm-vtuber/shared/testing/socket";
import {
  drawn,
  FakeContext,
  FakeSource,
  fakeSound,
  RATE,
  settled,
  tone,
  wavOf,
} from "@open-llm-vtuber/shared/testing/sound";
import { beforeEach, expect, test, vi } from "vitest";

import { Player } from "../audio/player";
import { Connection } from "./connection.svelte";
import { Conversation, INTERRUPTED, type Entry } from "./conversation.svelte";
import { Metrics } from "./metrics.svelte";

const PICTURE: Image = { source: "camera", data: "data:image/jpeg;base64,AA", mime_type: "" };

let conversation: Conversation;
let metrics: Metrics;
let connection: Connection;
let group: { isShared: boolean };
let permissions: { isAsking: boolean };

beforeEach(() => {
  fakeSockets();
  fakeSound();
  connection = new Connection("ws://here/client-ws");
  metrics = new Metrics(connection);
  group = { isShared: false };
  permissions = { isAsking: false };
  const player = new Player(new SoundOutput());
  const character = { emotions: { joy: 1 } };
  conversation = new Conversation(connection, player, metrics, character, group, permissions);
  connection.connect();
  FakeSocket.last.open();
});

/** A sentence that sounds for two seconds. */
function sentence(text: string, more: Partial<Audio> = {}): Audio {
  return {
    type: "audio",
    turn,
    audio: wavOf(2),
    volumes: [],
    slice_length: 20,
    display_text: { text, name: "Wren", avatar: "" },
    actions: null,
    forwarded: false,
    ...more,
  };
}

/** The turn of what comes. */
let turn = "";
let begun = 0;

/** A turn of its own begins. */
function begin(): void {
  turn = `turn-${(begun += 1)}`;
  FakeSocket.last.say({ type: "control", text: "conversation-chain-start", turn });
}

/** Sentences come, and the first sound leaves the loudspeaker, if none does yet. */
async function say(...sentences: Audio[]): Promise<void> {
  for (const one of sentences) FakeSocket.last.say(one);
  await settled();
  if (FakeContext.all.length) hear(LEAD_S);
}

/** So long a sound is on its way to the loudspeaker. */
const LEAD_S = 0.01;

/** So much of the sentence that sounds is over. */
function hear(seconds: number): void {
  FakeContext.last.currentTime += seconds;
  drawn();
}

/** The sentence that sounds is over. */
async function end(): Promise<void> {
  const source = FakeSource.all.find(({ onended, isOver }) => onended && !isOver);
  if (!source) throw new Error("nothing sounds");
  FakeContext.last.currentTime = Math.max(FakeContext.last.currentTime, source.endAt);
  source.end();
  await settled();
  drawn();
}

function shown(): unknown[] {
  return conversation.entries.map((entry) =>
    entry.kind === "message" ? entry.text : `${entry.name}: ${entry.status}`,
  );
}

function entry(at: number): Entry {
  const found = conversation.entries.at(at);
  if (!found) throw new Error("there is no such entry");
  return found;
}

function pictures(): (readonly string[])[] {
  return conversation.entries.map((one) => (one.kind === "message" ? one.images : []));
}

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

/** The next half second of the sentence with this number comes. */
function half(segment: number, isLast = false): void {
  const pcm = Int16Array.from(tone(0.5), (sample) => 32_767 * sample);
  const frame = new DataView(new ArrayBuffer(12 + pcm.byteLength));
  frame.setUint8(0, 1);
  frame.setUint8(1, isLast ? 1 : 0);
  frame.setUint32(4, segment, true);
  frame.setUint32(8, RATE, true);
  new Int16Array(frame.buffer, 12).set(pcm);
  FakeSocket.last.sound(frame.buffer);
}

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

test("interrupted amid a sentence that comes by chunks, what comes late of it does not sound", async () => {
  begin();
  FakeSocket.last.say(sentence("One two three four.", { audio: null, segment: 1 }));
  half(1);
  hear(0.3);
  conversation.interrupt();
  const [message] = FakeSocket.last.sent;
  expect(message).toMatchObject({ type: "interrupt-signal", text: shown()[0] });
  half(1);
  half(1, true);
  expect(FakeSource.all.map(({ isConnected }) => isConnected)).toEqual([false]);
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

test("interrupted while she speaks, the server is told what was heard, and no more", async () => {
  begin();
  await say(sentence("One two three four."), sentence("Five."));
  hear(1.2);
  conversation.interrupt();
  await settled();
  expect(FakeSocket.last.sent).toEqual([
    { type: "interrupt-signal", text: "One two three ", turn },
  ]);
  expect(entry(0)).toMatchObject({ text: "One two three ", cut: true, growing: false });
  expect([conversation.turn, conversation.caption]).toEqual(["idle", null]);
  expect(FakeSource.all.some(({ isConnected }) => isConnected)).toBe(false);
});

test("what comes late of a turn that was cut off is neither heard nor shown", async () => {
  begin();
  await say(sentence("One."));
  conversation.interrupt();
  await say(sentence("Two."));
  FakeSocket.last.say({ type: "force-new-message", turn });
  FakeSocket.last.say({ type: "backend-synth-complete", turn });
  FakeSocket.last.say({ type: "control", text: "conversation-chain-end", turn });
  await settled();
  expect([FakeSource.all.length, conversation.entries.length]).toEqual([1, 1]);
  expect(FakeSocket.last.kinds()).toEqual(["interrupt-signal"]);
});

test("what comes late of an earlier turn is no part of the one that goes on", async () => {
  begin();
  await say(sentence("One."));
  conversation.interrupt();
  const late = turn;
  begin();
  await say(sentence("Two."));
  FakeSocket.last.say({ type: "force-new-message", turn: late });
  FakeSocket.last.say({ ...CALL, turn: late });
  FakeSocket.last.say({ type: "backend-synth-complete", turn: late });
  FakeSocket.last.say({ type: "control", text: "conversation-chain-end", turn: late });
  await say(sentence("Late.", { turn: late }), sentence("Three."));
  await end();
  await end();
  expect([shown(), conversation.turn]).toEqual([["One.", "Two. Three."], "speaking"]);
  FakeSocket.last.say({ type: "backend-synth-complete", turn });
  await settled();
  expect(FakeSocket.last.sent.at(-1)).toEqual({ type: "frontend-playback-complete", turn });
});

test("what failed in a turn that was cut off is told no more", () => {
  const failed = vi.fn();
  conversation.on("failed", ({ message }) => void failed(message));
  begin();
  FakeSocket.last.say({ type: "error", message: "The voice broke.", turn });
  conversation.interrupt();
  FakeSocket.last.say({ type: "error", message: "The model is away.", turn });
  FakeSocket.last.say({ type: "error", message: "The disk is full." });
  expect(failed.mock.calls).toEqual([["The voice broke."], ["The disk is full."]]);
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

test("interrupted before anything was heard, nothing of the answer stays", async () => {
  begin();
  conversation.interrupt();
  expect(FakeSocket.last.sent).toEqual([{ type: "interrupt-signal", text: "", turn }]);
  begin();
  FakeSocket.last.say(sentence("One."));
  conversation.interrupt();
  await settled();
  expect([conversation.entries, FakeSource.all]).toEqual([[], []]);
});

test("between turns there is nothing to interrupt", () => {
  conversation.interrupt();
  expect(FakeSocket.last.sent).toEqual([]);
});

test("what the person says cuts her off: the server's ears ask what was heard", async () => {
  begin();
  await say(sentence("One two three four."));
  hear(0.6);
  FakeSocket.last.say({ type: "control", text: "interrupt" });
  expect(FakeSocket.last.sent).toEqual([{ type: "interrupt-signal", text: "One two ", turn }]);
  expect(entry(0)).toMatchObject({ cut: true });
});

test("cut off by the server, as by a member of the group, it is told nothing back", async () => {
  begin();
  await say(sentence("One two."));
  FakeSocket.last.say({ type: "interrupt-signal", text: "" });
  expect([conversation.turn, FakeSocket.last.sent]).toEqual(["idle", []]);
  expect(entry(0)).toMatchObject({ cut: true });
});

test("a turn that begins while another is spoken takes its place", async () => {
  begin();
  await say(sentence("One two."));
  begin();
  expect([conversation.turn, entry(0)]).toMatchObject(["thinking", { cut: true }]);
  await say(sentence("Three."));
  expect(shown()).toEqual(["One ", "Three."]);
});

test("typing cuts her off before what was typed leaves", async () => {
  begin();
  await say(sentence("One."));
  expect(conversation.type("Stop.", [PICTURE])).toBe(true);
  expect(FakeSocket.last.kinds()).toEqual(["interrupt-signal", "text-input"]);
  expect(FakeSocket.last.sent[1]).toMatchObject({ text: "Stop.", images: [PICTURE] });
  expect([shown(), pictures()]).toEqual([
    ["One.", "Stop."],
    [[], [PICTURE.data]],
  ]);
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
  conversation.on("sentence", (expressions) => void faces.push(expressions));
  begin();
  const other = { text: "Hello.", name: "Rook", avatar: "" };
  await say(
    sentence("[joy] Hi.", { actions: { expressions: [3] } }),
    sentence("", { display_text: other, forwarded: true, actions: { expressions: [7] } }),
  );
  await end();
  await end();
  expect(conversation.entries).toMatchObject([
    { speaker: "Wren", text: "Hi." },
    { speaker: "Rook", text: "Hello." },
  ]);
  expect(faces).toEqual([[3]]);
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

const CALL: ToolCallStatus = {
  type: "tool_call_status",
  tool_id: "1",
  tool_name: "clock",
  status: "running",
  content: 'Input: {"zone": "UTC"}',
  timestamp: "",
  name: "Wren",
};

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

test("a tool that runs while she is cut off is cut off, too, and a late one is not shown", () => {
  begin();
  FakeSocket.last.say({ ...CALL, turn });
  conversation.interrupt();
  FakeSocket.last.say({ ...CALL, turn, tool_id: "2" });
  expect(shown()).toEqual(["clock: cut"]);
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

test("what is written while she asks something interrupts nothing: it may be the answer", async () => {
  begin();
  await say(sentence("Let me see."));
  permissions.isAsking = true;
  FakeSocket.last.sent = [];
  conversation.type("Yes.", []);
  expect(FakeSocket.last.kinds()).toEqual(["text-input"]);
  expect(conversation.turn).toBe("speaking");
  permissions.isAsking = false;
  conversation.type("And now?", []);
  expect(FakeSocket.last.kinds()).toEqual(["text-input", "interrupt-signal", "text-input"]);
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

test("held up, her words stand still; then she goes on, and all of them are heard", async () => {
  begin();
  await say(sentence("One two three four."));
  hear(1);
  FakeSocket.last.say({ type: "playback-control", action: "duck", turn });
  FakeSocket.last.say({ type: "playback-control", action: "pause", turn: "another" });
  hear(0.2);
  FakeSocket.last.say({ type: "playback-control", action: "pause", turn });
  const [before] = shown();
  hear(5);
  FakeSocket.last.say({ type: "backend-synth-complete", turn });
  await settled();
  expect([shown()[0], conversation.turn, FakeSocket.last.sent]).toEqual([before, "speaking", []]);
  FakeSocket.last.say({ type: "playback-control", action: "resume", turn });
  hear(0.1);
  expect(shown()[0]).toBe(before);
  await end();
  expect([shown(), FakeSocket.last.kinds()]).toEqual([
    ["One two three four."],
    ["frontend-playback-complete"],
  ]);
});

test("interrupted while she is held up, she was heard up to there", async () => {
  begin();
  await say(sentence("One two three four."));
  hear(1);
  FakeSocket.last.say({ type: "playback-control", action: "pause", turn });
  hear(5);
  FakeSocket.last.say({ type: "control", text: "interrupt", turn });
  expect(FakeSocket.last.sent).toEqual([
    { type: "interrupt-signal", text: expect.stringMatching(/^One two/), turn },
  ]);
  const before = FakeSocket.last.sent[0]?.["text"];
  expect(before).not.toBe("One two three four.");
  const sounds = FakeSource.all.length;
  await say(sentence("What comes late of it."));
  expect([FakeSource.all.length, shown()]).toEqual([sounds, [before]]);
  begin();
  await say(sentence("Another answer."));
  expect(FakeSource.all).toHaveLength(sounds + 1);
});

test("a turn that ends while it is held up is over all the same", async () => {
  begin();
  await say(sentence("One."));
  await end();
  FakeSocket.last.say({ type: "playback-control", action: "pause", turn });
  FakeSocket.last.say({ type: "control", text: "conversation-chain-end", turn });
  expect(conversation.turn).toBe("idle");
});
