import { beforeEach, expect, test, vi } from "vitest";

import { PRESS_MS, PushToTalk } from "./push_to_talk.svelte";

let held: boolean[];
let push: PushToTalk;

beforeEach(() => {
  vi.useFakeTimers();
  held = [];
  push = new PushToTalk({
    isHeld: false,
    hold: (isHeld) => {
      held.push(isHeld);
      return Promise.resolve();
    },
  });
  return () => vi.useRealTimers();
});

test("what is held long enough is heard, without a hint", () => {
  push.press("key");
  vi.advanceTimersByTime(PRESS_MS);
  push.release("key");
  expect(held).toEqual([true, false]);
  expect(push.wasShort).toBe(false);
});

test("a press that was too short is told, for a while or until the next", () => {
  push.press("key");
  push.release("key");
  expect(push.wasShort).toBe(true);
  push.press("key");
  expect(push.wasShort).toBe(false);
  push.release("key");
  vi.advanceTimersByTime(10_000);
  expect(push.wasShort).toBe(false);
});

test("a second finger neither begins nor ends anything", () => {
  push.press("pointer 1");
  push.press("key");
  push.release("key");
  expect(held).toEqual([true]);
  push.release("pointer 1");
  push.release("pointer 1");
  expect(held).toEqual([true, false]);
});

test("who leaves the window lets go", () => {
  push.press("key");
  push.cancel();
  push.cancel();
  push.release("key");
  expect(held).toEqual([true, false]);
});
