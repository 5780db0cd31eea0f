import { FakeSocket, fakeSockets } from "@open-llm-vtuber/shared/testing/socket";
import { beforeEach, expect, test, vi } from "vitest";

import { Connection } from "./connection.svelte";

let tell: (kind: string) => void;
beforeEach(() => {
  tell = fakeSockets();
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

test("a device that is let in no more does not try again", () => {
  const connection = opened();
  const closing = { code: 4003, reason: "This device's access was taken back." };
  FakeSocket.last.onclose?.(closing);
  expect([connection.state, connection.isShutOut, connection.retryAt]).toEqual(["lost", true, 0]);
  vi.advanceTimersByTime(60_000);
  document.dispatchEvent(new Event("visibilitychange"));
  connection.connect();
  expect(FakeSocket.all).toHaveLength(1);
});

/** Fail as often as is said; return how many ms each next attempt was away. */
function waits(connection: Connection, times: number): number[] {
  return Array.from({ length: times }, () => {
    FakeSocket.last.lose();
    const wait = connection.retryAt - Date.now();
    vi.advanceTimersByTime(wait);
    return wait;
  });
}

test("attempts come ever more rarely, to a bound, until the server has said something", () => {
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  const connection = opened();
  expect(waits(connection, 8)).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  FakeSocket.last.open(); // a full server opens it, and closes it
  expect(waits(connection, 1)).toEqual([15_000]);
  FakeSocket.last.open();
  FakeSocket.last.say({ type: "full-text", text: "Hello" });
  expect(waits(connection, 1)).toEqual([500]);
});

test("clients of a server that was restarted do not come all at once", () => {
  const connection = opened();
  const first = [0, 1].map((random) => {
    vi.spyOn(Math, "random").mockReturnValue(random);
    FakeSocket.last.say({ type: "full-text", text: "" });
    return waits(connection, 1)[0];
  });
  expect(first).toEqual([375, 625]);
});

test("it says what becomes of it, and why it was lost", () => {
  const connection = new Connection("ws://here/client-ws");
  const [open, lost] = [vi.fn(), vi.fn()];
  connection.on("open", open);
  connection.on("lost", lost);
  connection.connect();
  expect([connection.state, open.mock.calls.length]).toEqual(["connecting", 0]);
  FakeSocket.last.open();
  expect([connection.state, connection.reason, open.mock.calls.length]).toEqual(["open", "", 1]);
  FakeSocket.last.lose("The server is full.");
  expect([connection.state, connection.reason]).toEqual(["lost", "The server is full."]);
  expect(lost).toHaveBeenCalledOnce();
});

test("what is said without a connection is neither sent nor kept for later", () => {
  const connection = new Connection("ws://here/client-ws");
  connection.connect();
  expect(connection.send({ type: "create-new-history" })).toBe(false);
  FakeSocket.last.open();
  expect(connection.send({ type: "create-new-history" })).toBe(true);
  FakeSocket.last.lose();
  expect(connection.send({ type: "create-new-history" })).toBe(false);
  connection.connect();
  FakeSocket.last.open();
  expect(FakeSocket.all.map((socket) => socket.sent.length)).toEqual([1, 0]);
});

test("a network that is there again is tried at once, instead of waiting", () => {
  const connection = opened();
  FakeSocket.last.lose();
  tell("online");
  expect([FakeSocket.all.length, connection.state]).toEqual([2, "connecting"]);
  vi.advanceTimersByTime(60_000);
  expect(FakeSocket.all).toHaveLength(2); // the attempt that was planned is not made as well
  FakeSocket.last.open();
  tell("online");
  expect(FakeSocket.all).toHaveLength(2);
});

test("a socket that was replaced says nothing more", () => {
  const connection = opened();
  const [heard, lost] = [vi.fn(), vi.fn()];
  connection.on("full-text", heard);
  connection.on("lost", lost);
  const old = FakeSocket.last;
  connection.connect();
  expect(old.isClosed).toBe(true);
  old.say({ type: "full-text", text: "late" });
  old.lose();
  expect([heard.mock.calls, lost.mock.calls, connection.state]).toEqual([[], [], "connecting"]);
});

test("who hangs up is not connected again, whatever happens", () => {
  const connection = opened();
  const lost = vi.fn();
  connection.on("lost", lost);
  connection.end();
  expect([connection.state, FakeSocket.last.isClosed]).toEqual(["lost", true]);
  tell("online");
  document.dispatchEvent(new Event("visibilitychange"));
  vi.advanceTimersByTime(3_600_000);
  expect([FakeSocket.all.length, lost.mock.calls.length]).toEqual([1, 0]);
});

test("who listens no more hears no more", () => {
  const heard = vi.fn();
  const end = opened().on("full-text", heard);
  end();
  FakeSocket.last.say({ type: "full-text", text: "Hello" });
  expect(heard).not.toHaveBeenCalled();
});
