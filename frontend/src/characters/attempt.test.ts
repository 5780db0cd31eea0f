import { expect, test } from "vitest";

import { ApiError } from "../session/http";
import { Attempt } from "./attempt.svelte";

test("one thing is tried at a time", async () => {
  const attempt = new Attempt<string>();
  let done: (result: string) => void = () => {};
  const first = attempt.run(() => new Promise((resolve) => (done = resolve)));
  expect(attempt.isRunning).toBe(true);
  expect(await attempt.run(() => Promise.resolve("second"))).toBeNull();
  done("first");
  expect(await first).toBe("first");
  expect([attempt.result, attempt.isRunning]).toEqual(["first", false]);
});

test("what is given up tells nothing, however it ends, and something else can be tried", async () => {
  const attempt = new Attempt<string>();
  let given: AbortSignal | undefined;
  const first = attempt.run((signal) => {
    given = signal;
    return new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  });
  attempt.stop();
  expect(given?.aborted).toBe(true);
  expect(await attempt.run(() => Promise.resolve("second"))).toBe("second");
  expect(await first).toBeNull();
  expect([attempt.result, attempt.failure, attempt.isRunning]).toEqual(["second", null, false]);
});

test("what fails is told until the next attempt", async () => {
  const attempt = new Attempt<string>();
  await attempt.run(() => Promise.reject(new ApiError(502, "No voice.")));
  expect([attempt.failure?.why, attempt.result]).toEqual(["No voice.", null]);
  const problems = [{ path: "voice", error: "A file." }];
  await attempt.run(() => Promise.reject(new ApiError(400, "Wrong.", problems)));
  expect(attempt.failure?.why).toBe("A file.");
  await attempt.run(() => Promise.resolve("Hello."));
  expect(attempt.failure).toBeNull();
});
