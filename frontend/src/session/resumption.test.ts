import { FakeSocket, fakeSockets } from "@open-llm-vtuber/shared/testing/socket";
import { beforeEach, expect, test, vi } from "vitest";

import { Connection } from "./connection.svelte";
import { Resumption } from "./resumption";

let tell: (kind: string) => void;
beforeEach(() => {
  tell = fakeSockets();
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

interface Scene {
  readonly connection: Connection;
  readonly told: string[];
}

/** A connection that may be lost: what becomes of it is told. */
function opened(grace_s = 30): Scene {
  const connection = new Connection("ws://here/client-ws?hello=1");
  const told: string[] = [];
  for (const kind of ["open", "away", "resumed", "missed", "lost"] as const)
    connection.on(kind, () => void told.push(kind));
  connection.connect();
  FakeSocket.last.open();
  connection.send({ type: "hello" });
  FakeSocket.last.say({ type: "resume-token", token: "secret", grace_s });
  return { connection, told };
}

/** The network is back: another socket opens. */
function back(): FakeSocket {
  vi.advanceTimersByTime(300);
  FakeSocket.last.open();
  return FakeSocket.last;
}

function beat(connection: Connection): void {
  connection.send({ type: "heartbeat" });
}

test("it goes on where it was, and what had not come is said again, once", () => {
  const { connection, told } = opened();
  const first = FakeSocket.last;
  expect(first.sent.at(-1)).toEqual({ type: "received", number: 0 });
  connection.send({ type: "text-input", text: "one" });
  connection.send({ type: "text-input", text: "two" });
  first.say({ type: "heartbeat-ack" });
  first.lose();
  expect(connection.state).toBe("resuming");
  expect(connection.send({ type: "text-input", text: "three" })).toBe(true);
  const second = back();
  expect(second.url).toBe("ws://here/client-ws?hello=1&resume=1");
  expect(second.sent).toEqual([{ type: "resume", token: "secret", received: 1 }]);
  second.say({ type: "resumed", received: 1, sent: 1, missed: false });
  expect(second.sent.slice(1).map(({ text }) => text)).toEqual(["two", "three"]);
  expect(connection.state).toBe("open");
  expect(told).toEqual(["open", "away", "resumed"]);
});

test("a question that was asked before is answered after it", async () => {
  const { connection } = opened();
  const asked = connection.request({ type: "fetch-and-set-history", history_uid: "x" });
  const { request_id } = FakeSocket.last.sent.at(-1) as { request_id: string };
  FakeSocket.last.lose();
  const second = back();
  second.say({ type: "resumed", received: 1, sent: 0, missed: false });
  second.say({ type: "history-data", messages: [], request_id });
  await expect(asked).resolves.toMatchObject({ messages: [] });
});

test("refused, it begins anew over the same socket, and what went on is over", async () => {
  const { connection, told } = opened();
  const asked = connection.request({ type: "fetch-and-set-history", history_uid: "x" });
  FakeSocket.last.lose();
  const second = back();
  second.say({ type: "resume-refused" });
  await expect(asked).rejects.toMatchObject({ problem: "lost" });
  expect(told).toEqual(["open", "away", "lost", "open"]);
  expect(FakeSocket.last).toBe(second);
  expect(connection.send({ type: "hello" })).toBe(true);
  second.lose();
  expect(connection.state).toBe("lost");
});

test("something was missed: what went on is over, the session is not", () => {
  const { connection, told } = opened();
  FakeSocket.last.lose();
  back().say({ type: "resumed", received: 0, sent: 2000, missed: true });
  expect(told).toEqual(["open", "away", "lost", "missed"]);
  expect(connection.state).toBe("open");
  FakeSocket.last.say({ type: "heartbeat-ack" });
  FakeSocket.last.lose();
  expect(back().sent[0]).toMatchObject({ received: 2001 });
});

test("after the grace it is lost", () => {
  const { connection, told } = opened(10);
  FakeSocket.last.lose();
  for (let second = 0; second < 40 && connection.state === "resuming"; second += 1) {
    vi.advanceTimersByTime(1000);
    if (!FakeSocket.last.isClosed) FakeSocket.last.lose();
  }
  expect(told).toEqual(["open", "away", "lost"]);
  vi.advanceTimersByTime(20_000);
  expect(FakeSocket.last.url).not.toContain("resume");
});

test("an attempt that nothing comes of is followed by another", () => {
  const { connection } = opened();
  FakeSocket.last.lose();
  vi.advanceTimersByTime(300);
  const hangs = FakeSocket.last;
  vi.advanceTimersByTime(7000);
  expect(hangs.isClosed).toBe(true);
  expect(FakeSocket.last).not.toBe(hangs);
  expect(connection.state).toBe("resuming");
});

test.each([1012, 1013, 4001])("a session that is over is not gone on with: %d", (code) => {
  const { connection, told } = opened();
  FakeSocket.last.onclose?.({ reason: "elsewhere", code });
  expect(told).toEqual(["open", "lost"]);
  vi.advanceTimersByTime(1000);
  expect(FakeSocket.last.url).not.toContain("resume");
  expect(connection.reason).toBe("elsewhere");
});

test("when the network has changed, it is asked at once whether the other end is there", () => {
  const { connection, told } = opened();
  tell("online");
  expect(FakeSocket.last.kinds().at(-1)).toBe("heartbeat");
  vi.advanceTimersByTime(5000);
  expect(told).toEqual(["open", "away"]);
  expect(connection.state).toBe("resuming");
});

test("what has come is told now and then", () => {
  opened();
  for (let one = 0; one < 20; one += 1) FakeSocket.last.say({ type: "heartbeat-ack" });
  const told = FakeSocket.last.sent.filter(({ type }) => type === "received");
  expect(told.map(({ number }) => number)).toEqual([0, 8, 16]);
});

test("sound counts as well", () => {
  opened();
  for (let one = 0; one < 3; one += 1) FakeSocket.last.sound(new ArrayBuffer(30_000));
  expect(FakeSocket.last.sent.at(-1)).toEqual({ type: "received", number: 3 });
});

test("what the server has is kept no longer, and not without bounds", () => {
  const { connection } = opened();
  for (let one = 0; one < 400; one += 1) beat(connection);
  FakeSocket.last.say({ type: "received", number: 400 });
  for (let one = 0; one < 400; one += 1) beat(connection);
  FakeSocket.last.lose();
  expect(connection.state).toBe("resuming");
  for (let one = 0; one < 100; one += 1) expect(connection.send({ type: "heartbeat" })).toBe(true);
  expect(connection.send({ type: "heartbeat" })).toBe(false);
});

test("a page that ends says goodbye", () => {
  const { connection } = opened();
  const close = vi.spyOn(FakeSocket.last, "close");
  connection.end();
  expect(close).toHaveBeenCalledWith();
});

test("nothing is counted before there is a token", () => {
  const resumption = new Resumption();
  expect(resumption.came(1_000_000)).toBeUndefined();
  expect(resumption.keep("x")).toBe(true);
  expect(resumption.isPossible).toBe(false);
});
