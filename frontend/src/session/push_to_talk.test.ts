import { beforeEach, expect, test, vi } from "vitest";

import { LAST_MS, PushToTalk } from "./push_to_talk";

let complete: ReturnType<typeof vi.fn<() => void>>;
let talk: PushToTalk;
beforeEach(() => {
  vi.useFakeTimers();
  complete = vi.fn<() => void>();
  talk = new PushToTalk(complete);
  talk.begin();
  return () => vi.useRealTimers();
});

/** Say something; a pause ends it. */
function say(): void {
  talk.began();
  talk.ended();
}

test("pauses end nothing while the key is held", () => {
  say();
  say();
  vi.runAllTimers();
  expect(complete).not.toHaveBeenCalled();
  talk.release();
  expect(complete).toHaveBeenCalledOnce();
});

test("let go in the middle of a word, it waits for the end of it", () => {
  say();
  talk.began();
  talk.release();
  expect(complete).not.toHaveBeenCalled();
  talk.ended();
  vi.runAllTimers();
  expect(complete).toHaveBeenCalledOnce();
});

test("what began without an end keeps nothing back for long", () => {
  say();
  talk.began();
  talk.release();
  vi.advanceTimersByTime(LAST_MS);
  expect(complete).toHaveBeenCalledOnce();
});

test("the only word ends after the key was let go", () => {
  talk.began();
  talk.release();
  talk.ended();
  expect(complete).toHaveBeenCalledOnce();
});

test("what was on its way when it was completed is not completed again", () => {
  say();
  talk.release();
  say(); // the server heard this before it was told, and has put it together
  expect(complete).toHaveBeenCalledOnce();
});

test("nothing said is nothing to complete", () => {
  talk.release();
  vi.runAllTimers();
  expect(complete).not.toHaveBeenCalled();
});

test("held again, it is another utterance", () => {
  say();
  talk.release();
  talk.begin();
  say();
  expect(complete).toHaveBeenCalledOnce();
  talk.release();
  expect(complete).toHaveBeenCalledTimes(2);
});
