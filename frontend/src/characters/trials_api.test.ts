import { expect, test } from "vitest";

import { NOTHING } from "./merging";
import { sample } from "./trials_api";

test.each([
  ["", ""],
  [" Hello {{User}}, I am {{char}}. ", "Hello Bo, I am Ada."],
  ["a".repeat(600), "a".repeat(500)],
])("%j is heard as %j", (greeting, heard) => {
  expect(sample({ ...NOTHING, greeting }, "Ada", "Bo")).toBe(heard);
});
