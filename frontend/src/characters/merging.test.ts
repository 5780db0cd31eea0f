import { expect, test } from "vitest";

import { changesOf, merged, NOTHING } from "./merging";

const BASE = { ...NOTHING, conf_name: "Ada", greeting: "Hello.", language: "en" };

test("what was changed here and what was changed there stand together", () => {
  const mine = { ...BASE, greeting: "Hey." };
  const theirs = { ...BASE, language: "de" };
  expect(merged(BASE, mine, theirs)).toEqual({
    fields: { ...BASE, greeting: "Hey.", language: "de" },
    conflicts: [],
  });
});

test("what was changed in both places is mine, and told", () => {
  const mine = { ...BASE, greeting: "Hey." };
  const theirs = { ...BASE, greeting: "Ahoy." };
  const { fields, conflicts } = merged(BASE, mine, theirs);
  expect(fields.greeting).toBe("Hey.");
  expect(conflicts).toEqual([{ field: "greeting", mine: "Hey.", theirs: "Ahoy." }]);
});

test("the same change in both places is no conflict", () => {
  const examples = { example_dialogue: [{ human: "Hi", character: "Ho" }] };
  const { conflicts } = merged(BASE, { ...BASE, ...examples }, { ...BASE, ...examples });
  expect(conflicts).toEqual([]);
});

test("only what differs is a change", () => {
  expect(changesOf(BASE, { ...BASE, example_dialogue: [] })).toEqual({});
  expect(changesOf(BASE, { ...BASE, greeting: "" })).toEqual({ greeting: "" });
});
