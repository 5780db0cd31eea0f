/** When the controls go away, and what brings them back. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { QuietView, REST_MS } from "./quiet_view.svelte";

let listeners: Map<string, () => void>;

beforeEach(() => {
  vi.useFakeTimers();
  listeners = new Map();
  vi.stubGlobal(
    "addEventListener",
    (kind: string, listener: () => void, { signal }: { signal: AbortSignal }) => {
      listeners.set(kind, listener);
      signal.addEventListener("abort", () => listeners.delete(kind));
    },
  );
});

afterEach(() => vi.useRealTimers());

test("they stay until it is wanted, and go when nothing has moved for a while", () => {
  const view = new QuietView(() => true);
  vi.advanceTimersByTime(10 * REST_MS);
  expect(view.isBare).toBe(false);
  view.turn(true);
  vi.advanceTimersByTime(REST_MS - 1);
  listeners.get("pointermove")?.();
  vi.advanceTimersByTime(REST_MS - 1);
  expect(view.isBare).toBe(false);
  vi.advanceTimersByTime(1);
  expect(view.isBare).toBe(true);
});

test.each(["pointermove", "pointerdown", "keydown", "touchstart", "focusin"])(
  "%s brings them back",
  (kind) => {
    const view = new QuietView(() => true);
    view.turn(true);
    vi.advanceTimersByTime(REST_MS);
    expect(view.isBare).toBe(true);
    listeners.get(kind)?.();
    expect(view.isBare).toBe(false);
  },
);

test("what is open or being written does not go away", () => {
  let isFree = false;
  const view = new QuietView(() => isFree);
  view.turn(true);
  vi.advanceTimersByTime(3 * REST_MS);
  expect(view.isBare).toBe(false);
  isFree = true;
  vi.advanceTimersByTime(REST_MS);
  expect(view.isBare).toBe(true);
});

test("it ends at once, and listens no more", () => {
  const view = new QuietView(() => true);
  view.turn(true);
  vi.advanceTimersByTime(REST_MS);
  view.turn(false);
  expect([view.isOn, view.isBare, listeners.size]).toEqual([false, false, 0]);
  vi.advanceTimersByTime(10 * REST_MS);
  expect(view.isBare).toBe(false);
});
