import { beforeEach, expect, test, vi } from "vitest";

import { Notices } from "./notices.svelte";

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

test("what says the same is one notice that counts", () => {
  const notices = new Notices();
  notices.error("No.");
  notices.error("No.");
  expect(notices.all.map(({ text, count }) => [text, count])).toEqual([["No.", 2]]);
});

test("two equal offers to take something back stand side by side", () => {
  const notices = new Notices();
  const gone = [vi.fn(), vi.fn()];
  const action = { label: "Undo", run: () => {} };
  for (const each of gone) notices.add("Deleted: Hello", { action, gone: each });
  expect(notices.all).toHaveLength(2);
  expect(gone[0]).not.toHaveBeenCalled();
  vi.runAllTimers();
  for (const each of gone) expect(each).toHaveBeenCalledOnce();
});

test("what stays is there until it is dismissed", () => {
  const notices = new Notices();
  const id = notices.add("Updated.", { stays: true });
  vi.runAllTimers();
  expect(notices.all).toHaveLength(1);
  notices.remove(id);
  expect(notices.all).toHaveLength(0);
});

test("what says the same with another detail is another notice", () => {
  const notices = new Notices();
  notices.error("The voice failed.", "It says: no credit.");
  notices.error("The voice failed.", "It says: no credit.");
  notices.error("The voice failed.", "It says: no such voice.");
  expect(notices.all.map(({ detail, count }) => [detail, count])).toEqual([
    ["It says: no credit.", 2],
    ["It says: no such voice.", 1],
  ]);
});
