import { FakeSocket, fakeSockets } from "@open-llm-vtuber/shared/testing/socket";
import { settled } from "@open-llm-vtuber/shared/testing/sound";
import { beforeEach, expect, test, vi } from "vitest";

import { Connection } from "./connection.svelte";
import { outcomeOf, type Reply } from "./requests";

let connection: Connection;
beforeEach(() => {
  fakeSockets();
  vi.useFakeTimers();
  connection = new Connection("ws://here/client-ws");
  connection.connect();
  FakeSocket.last.open();
  return () => vi.useRealTimers();
});

function ask(
  uid: string,
  options: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<Reply<"fetch-and-set-history">> {
  return connection.request({ type: "fetch-and-set-history", history_uid: uid }, options);
}

function idOf(at: number): string {
  return FakeSocket.last.sent[at]?.request_id as string;
}

function answer(request_id: string): void {
  FakeSocket.last.say({ type: "history-data", messages: [], request_id });
}

test("who asks is given the answer, after all who listen for it", async () => {
  const order: string[] = [];
  connection.on("history-data", () => void order.push("listener"));
  const asked = ask("one").then((reply) => order.push(reply.type));
  answer(idOf(0));
  await asked;
  expect(order).toEqual(["listener", "history-data"]);
});

test("answers find their questions in whatever order they come", async () => {
  const outcomes: string[] = [];
  void ask("one").then(() => outcomes.push("one"));
  void ask("two").then(() => outcomes.push("two"));
  void connection
    .request({ type: "switch-config", file: "a.yaml" })
    .then(() => outcomes.push("switched"));
  FakeSocket.last.say({ type: "config-switched", message: "", request_id: idOf(2) });
  await settled();
  answer(idOf(1));
  await settled();
  answer(idOf(0));
  await settled();
  expect(outcomes).toEqual(["switched", "two", "one"]);
});

test("an error with its id refuses a question, in the server's words; others go on", async () => {
  const [one, two] = [ask("one"), ask("two")];
  FakeSocket.last.say({ type: "error", message: "There is none.", request_id: idOf(0) });
  FakeSocket.last.say({ type: "error", message: "The voice broke." });
  await expect(one).rejects.toMatchObject({ problem: "refused", message: "There is none." });
  answer(idOf(1));
  expect(await outcomeOf(two)).toBe("done");
});

test("an answer that takes too long is one no more, and one that is in time stays one", async () => {
  const [quick, slow] = [ask("quick", { timeoutMs: 1000 }), ask("slow", { timeoutMs: 1000 })];
  answer(idOf(0));
  expect(await outcomeOf(quick)).toBe("done");
  const outcome = outcomeOf(slow);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await outcome).toBe("late");
  const next = ask("next");
  answer(idOf(1)); // the late one
  let isAnswered = false;
  void next.then(() => (isAnswered = true));
  await settled();
  expect(isAnswered).toBe(false);
  answer(idOf(2));
  expect((await next).type).toBe("history-data");
});

test("who gives a question up is told so, and one that is given up already is not asked", async () => {
  const given = new AbortController();
  const asked = ask("one", { signal: given.signal });
  given.abort();
  await expect(asked).rejects.toMatchObject({ name: "AbortError" });
  await expect(ask("two", { signal: given.signal })).rejects.toMatchObject({ name: "AbortError" });
  expect(FakeSocket.last.sent).toHaveLength(1);
});

test("a server that knows no ids answers those who still wait, in their order", async () => {
  const given = new AbortController();
  const outcome = outcomeOf(ask("one", { timeoutMs: 1000 }));
  const asked = ask("two", { signal: given.signal });
  await vi.advanceTimersByTimeAsync(1000);
  given.abort();
  await expect(asked).rejects.toThrow();
  expect(await outcome).toBe("late");
  const third = ask("three");
  FakeSocket.last.say({ type: "history-data", messages: [] });
  expect((await third).type).toBe("history-data");
});

test("a connection that is lost, or not there, answers nothing", async () => {
  const outcome = outcomeOf(ask("one"));
  FakeSocket.last.lose();
  expect(await outcome).toBe("lost");
  expect(await outcomeOf(ask("two"))).toBe("lost");
  connection.connect();
  FakeSocket.last.open();
  expect(FakeSocket.last.sent).toEqual([]);
});

test("what is no outcome of a question is thrown", async () => {
  const fault = new TypeError("no");
  await expect(outcomeOf(Promise.reject(fault))).rejects.toBe(fault);
});
