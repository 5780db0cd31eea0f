/** What the schema of conf.yaml says of voices and of their speed. */

import { expect, test } from "vitest";

import type { JsonSchema } from "./json_schema";
import { isNumbered, speedRange, usualVoice } from "./voice_paths";

/** Return a schema in which Hibari has these keys, behind references. */
function schema(properties: Record<string, JsonSchema>): JsonSchema {
  return {
    properties: { character_config: { $ref: "#/$defs/C" } },
    $defs: {
      C: { properties: { tts_config: { $ref: "#/$defs/T" } } },
      T: { properties: { hibari_tts: { $ref: "#/$defs/H" } } },
      H: { properties },
    },
  };
}

test("the bounds of a speed are in the schema, behind its references", () => {
  const known = { type: "number", minimum: 0.5, maximum: 2, default: 1.1 };
  expect(speedRange(schema({ speed: known }), "hibari_tts")).toEqual({
    usual: 1.1,
    slowest: 0.5,
    fastest: 2,
  });
  expect(speedRange(schema({ speed: { ...known, type: "integer" } }), "hibari_tts")).toBeNull();
  expect(speedRange(schema({ speed: { type: "number", minimum: 0.5 } }), "hibari_tts")).toBeNull();
  const boundless = { type: "number", exclusiveMinimum: 0 };
  expect(speedRange(schema({ speed: boundless }), "hibari_tts")).toEqual({
    usual: 1,
    slowest: 0.5,
    fastest: 2,
  });
  expect(speedRange(schema({ speed: known }), "other_tts")).toBeNull();
  expect(speedRange({}, "hibari_tts")).toBeNull();
});

test.each([
  [{ type: "string", default: "bo" }, "bo", false],
  [{ type: "integer", default: 3 }, "3", true],
  [{ type: "string" }, "", false],
])("of a voice %j the usual one is %j, a number: %j", (voice, usual, numbered) => {
  const all = schema({ voice });
  expect(usualVoice(all, "hibari_tts", "voice")).toBe(usual);
  expect(isNumbered(all, "hibari_tts", "voice")).toBe(numbered);
});
