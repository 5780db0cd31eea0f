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

test("what is of one cause is one notice, in the newest words", () => {
  const notices = new Notices();
  notices.error("The model failed.", "No connection.", "No connection.");
  notices.error("The service cannot be reached.", "No connection.", "No connection.");
  notices.error("The voice failed.", "No credit.", "No credit.");
  expect(notices.all.map(({ text, count }) => [text, count])).toEqual([
    ["The service cannot be reached.", 2],
    ["The voice failed.", 1],
  ]);
  notices.removeOf("No connection.");
  expect(notices.all.map(({ text }) => text)).toEqual(["The voice failed."]);
});

test("a failure without a reason takes no other notice away", () => {
  const notices = new Notices();
  notices.add("Copied.");
  notices.removeOf("");
  expect(notices.all.map(({ text }) => text)).toEqual(["Copied."]);
});
