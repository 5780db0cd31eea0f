import { beforeEach, expect, test } from "vitest";

import { Pending } from "./pending";

let pending: Pending<string>;
beforeEach(() => {
  pending = new Pending("open");
});

test("an answer belongs to what was asked with its id, in whatever order they come", () => {
  const [one, two] = [pending.add("one"), pending.add("two")];
  expect(pending.answered(two)).toBe("two");
  expect(pending.answered(one)).toBe("one");
});

test("nothing is answered twice", () => {
  const id = pending.add("one");
  pending.answered(id);
  expect(pending.answered(id)).toBeUndefined();
  expect(pending.failed(id)).toBeUndefined();
});

test("an answer without an id is to the oldest question", () => {
  pending.add("one");
  pending.add("two");
  expect([pending.answered(undefined), pending.answered(undefined)]).toEqual(["one", "two"]);
  expect(pending.answered(undefined)).toBeUndefined();
});

test("an error without an id is about something else", () => {
  const id = pending.add("one");
  expect(pending.failed(undefined)).toBeUndefined();
  expect(pending.failed(id)).toBe("one");
});

test("the answer to another kind of question is none of these", () => {
  pending.add("one");
  const other = new Pending<string>("switch").add("other");
  expect(pending.answered(other)).toBeUndefined();
  expect(pending.failed(other)).toBeUndefined();
});

test("what is given up is answered by nothing that comes late, and its id is not used again", () => {
  const late = pending.add("one");
  pending.clear();
  const fresh = pending.add("two");
  expect(pending.answered(late)).toBeUndefined();
  expect(fresh).not.toBe(late);
  expect(pending.answered(fresh)).toBe("two");
});
