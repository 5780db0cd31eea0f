import { FakeSocket, fakeSockets } from "@open-llm-vtuber/shared/testing/socket";
import { beforeEach, expect, test, vi } from "vitest";

import { Connection } from "./connection.svelte";

beforeEach(() => {
  fakeSockets();
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

function opened(): Connection {
  const connection = new Connection("ws://here/client-ws");
  connection.connect();
  FakeSocket.last.open();
  return connection;
}

/** From now on timers fire as in a hidden tab: once a minute. What arrives does not wait. */
function hide(): void {
  const real = globalThis.setTimeout;
  vi.stubGlobal("setTimeout", (step: () => void, ms: number) => {
    const due = Math.ceil((Date.now() + ms) / 60_000) * 60_000;
    return real(step, due - Date.now());
  });
}

test("a hidden tab keeps its connection as long as its heartbeats are answered", () => {
  hide();
  const connection = opened();
  const lost = vi.fn();
  connection.on("lost", lost);
  let answered = 0;
  for (let minute = 0; minute < 30; minute += 1) {
    vi.advanceTimersByTime(60_000);
    const asked = FakeSocket.last.sent.length;
    for (; answered < asked; answered += 1) FakeSocket.last.say({ type: "heartbeat-ack" });
  }
  expect(answered).toBeGreaterThan(5);
  expect(lost).not.toHaveBeenCalled();
  expect(FakeSocket.all).toHaveLength(1);
});

test("a network that went away is noticed, in a hidden tab too", () => {
  const connection = opened();
  const lost = vi.fn();
  connection.on("lost", lost);
  vi.advanceTimersByTime(50_000);
  expect(lost).toHaveBeenCalledOnce();
  hide();
  FakeSocket.last.open();
  vi.advanceTimersByTime(6 * 60_000);
  expect(lost.mock.calls.length).toBeGreaterThan(1);
});

test("an answer that waits behind a late timer counts: it is asked once more", () => {
  const connection = opened();
  const lost = vi.fn();
  connection.on("lost", lost);
  vi.advanceTimersByTime(21_000); // the question is out
  vi.setSystemTime(Date.now() + 3_600_000); // the computer slept for an hour
  vi.advanceTimersByTime(25_000);
  expect(lost).not.toHaveBeenCalled();
  FakeSocket.last.say({ type: "heartbeat-ack" });
  vi.advanceTimersByTime(25_000);
  expect(lost).not.toHaveBeenCalled();
});

test("whatever arrives is a sign of life", () => {
  const connection = opened();
  const lost = vi.fn();
  connection.on("lost", lost);
  for (let step = 0; step < 20; step += 1) {
    vi.advanceTimersByTime(20_000);
    FakeSocket.last.say({ type: "full-text", text: "fetching" });
  }
  expect(lost).not.toHaveBeenCalled();
});

test("a listener that throws keeps no other from hearing, and is reported", () => {
  const reported = vi.fn();
  vi.stubGlobal("reportError", reported);
  const connection = opened();
  const fault = new Error("no");
  const second = vi.fn();
  connection.on("full-text", () => {
    throw fault;
  });
  connection.on("full-text", second);
  FakeSocket.last.say({ type: "full-text", text: "Hello" });
  expect(second).toHaveBeenCalledOnce();
  expect(reported).toHaveBeenCalledWith(fault);
  FakeSocket.last.onmessage?.({ data: "no JSON" });
  FakeSocket.last.say({ type: "full-text", text: "again" });
  expect(second).toHaveBeenCalledTimes(2);
});

test("a hidden tab that lost its connection tries again when it is shown", () => {
  const connection = opened();
  FakeSocket.last.onclose?.({ reason: "" });
  expect(connection.state).toBe("lost");
  document.dispatchEvent(new Event("visibilitychange"));
  expect(FakeSocket.all).toHaveLength(2);
});
