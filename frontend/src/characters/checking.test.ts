import { expect, test } from "vitest";

import { problemsOf } from "./checking";
import { NOTHING } from "./merging";

const ADA = { ...NOTHING, conf_name: "Ada", persona_prompt: "You are Ada." };

test("one who has all that is needed has no problem", () => {
  expect(problemsOf(ADA, ["Bea"], false)).toEqual({});
});

test("a new one is named once", () => {
  const named = { ...ADA, conf_name: "", character_name: "Ada" };
  expect(problemsOf(named, ["Ada"], true)).toEqual({});
  expect(problemsOf({ ...named, character_name: " " }, [], true)).toEqual({
    character_name: { kind: "empty" },
  });
  expect(problemsOf(named, [], false)).toEqual({ conf_name: { kind: "empty" } });
});

test("a name of somebody else is taken", () => {
  expect(problemsOf(ADA, ["Ada"], false)).toEqual({ conf_name: { kind: "taken" } });
});

test("what is too long or half there is told at its field", () => {
  const fields = {
    ...ADA,
    character_name: "😀".repeat(81),
    persona_prompt: "\n",
    example_dialogue: [{ human: "Hi", character: " " }],
  };
  expect(problemsOf(fields, [], false)).toEqual({
    character_name: { kind: "tooLong", most: 80 },
    persona_prompt: { kind: "empty" },
    example_dialogue: { kind: "exampleEmpty" },
  });
  expect(problemsOf({ ...ADA, character_name: "😀".repeat(80) }, [], false)).toEqual({});
});
