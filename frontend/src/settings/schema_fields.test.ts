/** What becomes of the schema of conf.yaml. */

import { expect, test } from "vitest";

import type { JsonSchema } from "./json_schema";
import { sectionsOf, type Control, type Field } from "./schema_fields";

/** A schema as the server makes it: a reference for each section. */
function conf(
  properties: Record<string, JsonSchema>,
  defs: Record<string, JsonSchema> = {},
): JsonSchema {
  return { $ref: "#/$defs/Config", $defs: { ...defs, Config: { properties } } };
}

function field(schema: JsonSchema, defs: Record<string, JsonSchema> = {}): Field {
  const [section] = sectionsOf(conf({ key: schema }, defs));
  const [only] = section?.fields ?? [];
  if (!only) throw new Error("there is no field");
  return only;
}

function control(schema: JsonSchema, defs: Record<string, JsonSchema> = {}): Control {
  return field(schema, defs).control;
}

const ENGINES: Record<string, JsonSchema> = {
  Voice: {
    group: "voice",
    engines: "tts",
    description: "The voice.",
    properties: {
      tts_model: {
        enum: ["a_tts", "b_tts"],
        labels: { a_tts: "One." },
        engine: "tts",
        default: "a_tts",
      },
      a_tts: { $ref: "#/$defs/A" },
      b_tts: { $ref: "#/$defs/B" },
    },
  },
  A: { properties: { voice: { type: "string", voice: true }, deep: { $ref: "#/$defs/Deep" } } },
  B: { properties: {} },
  Deep: { properties: { key: { type: "boolean" } } },
};

test("sections come in their order, each with its path, its group and the engine that it is of", () => {
  const sections = sectionsOf(
    conf({ port: { type: "integer" }, tts_config: { $ref: "#/$defs/Voice" } }, ENGINES),
  );
  expect(sections.map(({ id, group, of }) => [id, group, of?.name])).toEqual([
    ["", "server", undefined],
    ["tts_config", "voice", undefined],
    ["tts_config.a_tts", "voice", "a_tts"],
    ["tts_config.a_tts.deep", "voice", "a_tts"], // what is within an engine's is the engine's
  ]);
  expect(sections[2]?.of).toEqual({ kind: "tts", name: "a_tts" });
  expect(sections[2]?.fields[0]).toMatchObject({ id: "tts_config.a_tts.voice", isVoice: true });
  expect(sections[1]?.fields[0]).toMatchObject({
    engine: "tts",
    usual: "a_tts",
    control: {
      type: "choice",
      options: [
        { value: "a_tts", label: "One." },
        { value: "b_tts", label: "" },
      ],
    },
  });
});

test("hints hold for what is within, until that says otherwise", () => {
  const defs: Record<string, JsonSchema> = {
    System: { group: "server", restart: true, properties: { limits: { $ref: "#/$defs/Limits" } } },
    Limits: { properties: { max_wait_s: { type: "number" }, odd: { $ref: "#/$defs/Odd" } } },
    Odd: { group: "nobody knows it", properties: { key: { type: "string" } } },
  };
  const sections = sectionsOf(conf({ system: { $ref: "#/$defs/System" } }, defs));
  expect(sections.map(({ group }) => group)).toEqual(["server", "server"]);
  expect(sections.flatMap(({ fields }) => fields.map(({ restart }) => restart))).toEqual([
    true,
    true,
  ]);
});

test("what stands beside a reference stands before what it leads to", () => {
  const defs = { Twice: { $ref: "#/$defs/Once" }, Once: { type: "string", description: "There." } };
  expect(field({ $ref: "#/$defs/Twice", description: "Here." }, defs)).toMatchObject({
    description: "Here.",
    control: { type: "text" },
  });
});

test("schemas that lead to themselves have an end", () => {
  const defs = {
    Loop: { $ref: "#/$defs/Loop" },
    Nest: { properties: { key: { type: "string" }, inner: { $ref: "#/$defs/Nest" } } },
  };
  expect(control({ $ref: "#/$defs/Loop" }, defs)).toEqual({ type: "json" });
  expect(sectionsOf(conf({ nest: { $ref: "#/$defs/Nest" } }, defs)).length).toBeLessThan(20);
  expect(control({ $ref: "#/$defs/Nowhere" })).toEqual({ type: "json" });
});

test.each<[JsonSchema, Partial<Extract<Control, { type: "number" }>>]>([
  [
    { type: "integer", minimum: 1, maximum: 9 },
    { isWhole: true, min: 1, max: 9, isAbove: false },
  ],
  [
    { type: "number", exclusiveMinimum: 0 },
    { isWhole: false, min: 0, max: null, isAbove: true },
  ],
  [{ anyOf: [{ type: "number", maximum: 2 }, { type: "null" }] }, { min: null, max: 2 }],
])("a number knows its bounds: %j", (schema, bounds) => {
  expect(control(schema)).toMatchObject({ type: "number", ...bounds });
});

test.each<[JsonSchema, Control]>([
  [{ type: "string" }, { type: "text" }],
  [{ type: "boolean" }, { type: "switch" }],
  [{ anyOf: [{ type: "string" }, { type: "null" }] }, { type: "text" }],
  [{ anyOf: [{ type: "boolean" }, { type: "null" }] }, { type: "switch" }],
  [{ anyOf: [{ type: "string" }, { type: "boolean" }] }, { type: "text" }],
  [
    { type: "array", items: { type: "string" } },
    { type: "list", of: "text" },
  ],
  [
    { type: "array", items: { type: "integer" } },
    { type: "list", of: "number" },
  ],
  [
    { type: "array", items: { $ref: "#/$defs/Turn" } },
    { type: "entries", columns: ["a", "b"] },
  ],
  [{ type: "array", items: { $ref: "#/$defs/Odd" } }, { type: "json" }],
  [{ type: "array" }, { type: "json" }],
  [{ type: "object", additionalProperties: { type: "string" } }, { type: "table" }],
  [{ type: "object", additionalProperties: true }, { type: "json" }],
  [{ anyOf: [{ $ref: "#/$defs/Turn" }, { type: "null" }] }, { type: "json" }],
  [{}, { type: "json" }],
])("%j has a control of its kind", (schema, expected) => {
  const defs: Record<string, JsonSchema> = {
    Turn: { properties: { a: { type: "string" }, b: { type: "string" } } },
    Odd: { properties: { a: { type: "array" } } },
  };
  expect(control(schema, defs)).toEqual(expected);
});

test.each<[JsonSchema, unknown[]]>([
  [{ enum: ["cpu", "cuda"] }, ["cpu", "cuda"]],
  [{ anyOf: [{ type: "boolean" }, { const: "auto", type: "string" }] }, [true, false, "auto"]],
  [{ anyOf: [{ enum: ["low", "high"], type: "string" }, { type: "null" }] }, ["low", "high"]],
  [{ const: 16000 }, [16000]],
])("%j is a choice", (schema, values) => {
  const found = control(schema);
  expect(found.type === "choice" && found.options.map(({ value }) => value)).toEqual(values);
});

test("a unit is told by the name of a number", () => {
  const named = (key: string, schema: JsonSchema): unknown =>
    sectionsOf(conf({ [key]: schema }))[0]?.fields[0]?.unit;
  expect(named("idle_timeout_s", { type: "number" })).toBe("s");
  expect(named("pause_ms", { anyOf: [{ type: "integer" }, { type: "null" }] })).toBe("ms");
  expect(named("max_body_bytes", { type: "integer" })).toBe("bytes");
  expect(named("words", { type: "integer" })).toBeNull();
  expect(named("name_of_s", { type: "string" })).toBeNull();
});

test("secrets, dangers and what does nothing are marked", () => {
  const schema = { type: "string", secret: true, danger: true, no_effect: "it is too late" };
  expect(field(schema)).toMatchObject({ secret: true, danger: true, noEffect: "it is too late" });
});
