/** Values looked into, lists as rows, engines in use, and what is looked for. */

import { describe, expect, test } from "vitest";

import { namedBy, sectionsInUse } from "./in_use";
import { spelled } from "./names";
import { rowsOf, valueOf, type RowsControl } from "./rows";
import { sectionsOf, type Field } from "./schema_fields";
import { isMeant, isNamed, wordsOf } from "./searching";
import { at, holdsSecret, numberIn, same, secretAt, shown } from "./values";

describe("values", () => {
  test("are found by their path, and nothing else is", () => {
    const values = { a: { b: 0, none: null }, list: [1] };
    expect(at(values, ["a", "b"])).toBe(0);
    expect(at(values, ["a", "none"])).toBeUndefined();
    expect(at(values, ["a", "b", "c"])).toBeUndefined();
    expect(at(values, ["list", "0"])).toBeUndefined();
    expect(at(values, ["constructor"])).toBeUndefined();
    expect(at(values, [])).toBe(values);
  });

  test("secrets are told from tables that have the same key", () => {
    expect(secretAt({ set: true })).toBe(true);
    expect(secretAt({ set: false })).toBe(false);
    expect(secretAt({ set: true, other: 1 })).toBeNull();
    expect(secretAt({ set: "true" })).toBeNull();
    expect(secretAt("set")).toBeNull();
    expect(holdsSecret({ a: [{ b: { set: false } }] })).toBe(true);
    expect(holdsSecret({ a: ["set"] })).toBe(false);
  });

  test("are the same whatever the order of their keys", () => {
    expect(same({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 })).toBe(true);
    expect(same([1, 2], [2, 1])).toBe(false);
    expect(same(1, "1")).toBe(false);
    expect(same(undefined, null)).toBe(false);
  });

  test.each([
    ["1,5", 1.5],
    [" 2 ", 2],
    ["-3e2", -300],
    ["", ""],
    ["two", "two"],
    ["1.2.3", "1.2.3"],
    ["Infinity", "Infinity"],
  ])("%j is typed as a number", (text, value) => expect(numberIn(text)).toBe(value));

  test.each([
    [undefined, ""],
    ["a\n b", "a b"],
    [["a", 1], "a, 1"],
    [false, "false"],
    [{ a: 1 }, '{"a":1}'],
  ])("%j is shown on one line", (value, text) => expect(shown(value)).toBe(text));
});

describe("rows", () => {
  const entries: RowsControl = { type: "entries", columns: ["human", "character"] };

  test.each<[RowsControl, unknown]>([
    [{ type: "list", of: "text" }, ["a", "b b"]],
    [{ type: "list", of: "number" }, [1, -2.5]],
    [{ type: "table" }, { joy: "grin", comfy: "joy" }],
    [entries, [{ human: "hi\nthere", character: "Hey." }]],
  ])("%j is written back as it was", (control, value) => {
    expect(valueOf(control, rowsOf(control, value))).toEqual(value);
  });

  test("what is only begun says nothing", () => {
    expect(valueOf({ type: "list", of: "text" }, [["a"], ["  "]])).toEqual(["a"]);
    expect(
      valueOf({ type: "table" }, [
        ["", "lost"],
        [" joy ", ""],
      ]),
    ).toEqual({ joy: "" });
    expect(
      valueOf(entries, [
        ["", ""],
        ["hi", ""],
      ]),
    ).toEqual([{ human: "hi", character: "" }]);
  });

  test("what is of another shape has none", () => {
    expect(rowsOf({ type: "list", of: "text" }, "text")).toEqual([]);
    expect(rowsOf({ type: "table" }, ["a"])).toEqual([]);
    expect(rowsOf(entries, [null, "text"])).toEqual([
      ["", ""],
      ["", ""],
    ]);
  });
});

const SECTIONS = sectionsOf({
  $ref: "#/$defs/Config",
  $defs: {
    Config: {
      properties: {
        agent_settings: { $ref: "#/$defs/Agents" },
        llm_configs: { $ref: "#/$defs/LLMs" },
        agent: { engine: "agent", enum: ["basic", "other"], default: "basic" },
        fallback: { engine: "llm", enum: ["", "big", "small"], default: "" },
      },
    },
    Agents: {
      engines: "agent",
      properties: { basic: { $ref: "#/$defs/Basic" }, other: { $ref: "#/$defs/Key" } },
    },
    Basic: { properties: { llm: { engine: "llm", enum: ["big", "small"], default: "small" } } },
    LLMs: {
      engines: "llm",
      properties: { big: { $ref: "#/$defs/Key" }, small: { $ref: "#/$defs/Key" } },
    },
    Key: {
      properties: { api_key: { type: "string", secret: true, description: "Of your account." } },
    },
  },
});

describe("engines in use", () => {
  function inUse(values: Record<string, unknown>, engines: Record<string, string> = {}): string[] {
    return [...sectionsInUse(SECTIONS, ({ id }) => values[id], engines)].sort();
  }

  test("are those that are named, and those that these name", () => {
    expect(inUse({})).toEqual(["", "agent_settings.basic", "llm_configs.small"]);
    expect(inUse({ "agent_settings.basic.llm": "big" })).toContain("llm_configs.big");
    expect(inUse({ fallback: "big" })).toContain("llm_configs.big");
  });

  test("an engine that is not in use brings none with it", () => {
    const values = { agent: "other", "agent_settings.basic.llm": "big" };
    expect(inUse(values)).toEqual(["", "agent_settings.other"]);
  });

  test("where none is named it is the one that the server says", () => {
    expect(inUse({}, { llm: "big" })).toContain("llm_configs.big");
    const [field] = SECTIONS.flatMap(({ fields }) => fields).filter(({ id }) => id === "fallback");
    // What may be none is none.
    expect(namedBy(field as Field, undefined, { llm: "big" })).toBe("");
  });
});

describe("what is looked for", () => {
  const [section] = SECTIONS.filter(({ id }) => id === "llm_configs.big");
  const [field] = section?.fields ?? [];

  function finds(query: string, value?: unknown, names: string[] = ["密钥"]): boolean {
    if (!field) throw new Error("there is no such field");
    return isMeant(field, value, names, wordsOf(query));
  }

  test("is found by name, key, description and place, in any order and case", () => {
    expect(finds("ACCOUNT api")).toBe(true);
    expect(finds("llm_configs")).toBe(true);
    expect(finds("api key")).toBe(true);
    expect(finds("密钥")).toBe(true);
    expect(finds("account nowhere")).toBe(false);
  });

  test("what is called so is told from what only speaks of it", () => {
    if (!field) throw new Error("there is no such field");
    expect(isNamed(field, ["API key"], wordsOf("key api"))).toBe(true);
    expect(isNamed(field, ["API key"], wordsOf("account"))).toBe(false);
  });

  test("is never found by a secret", () => {
    expect(finds("planted", "planted-key")).toBe(false);
    expect(finds("set", { set: true })).toBe(false);
  });
});

test.each([
  ["max_upload_bytes", "Max upload"],
  ["tts_timeout_s", "TTS timeout"],
  ["llm_api_key", "LLM API key"],
  ["url", "URL"],
  ["_", "_"],
])("%s is spelled", (key, words) => expect(spelled(key)).toBe(words));
