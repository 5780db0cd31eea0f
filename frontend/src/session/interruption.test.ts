/** A turn that is interrupted, or held up: what was heard of it, and what comes late. */

import { FakeSocket } from "@open-llm-vtuber/shared/testing/socket";
import { FakeSource, settled } from "@open-llm-vtuber/shared/testing/sound";
import { beforeEach, expect, test, vi } from "vitest";

import {
  CALL,
  PICTURE,
  begin,
  connected,
  conversation,
  end,
  entry,
  half,
  hear,
  permissions,
  pictures,
  say,
  sentence,
  shown,
  turn,
} from "./testing/conversation";

beforeEach(connected);

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

test("a tool that runs while she is cut off is cut off, too, and a late one is not shown", () => {
  begin();
  FakeSocket.last.say({ ...CALL, turn });
  conversation.interrupt();
  FakeSocket.last.say({ ...CALL, turn, tool_id: "2" });
  expect(shown()).toEqual(["clock: cut"]);
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
