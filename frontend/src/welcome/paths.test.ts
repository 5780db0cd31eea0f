/** Where what is chosen stands in conf.yaml. */

import { expect, test } from "vitest";

import type { JsonSchema } from "../settings/json_schema";
import { accountEdits, hasKey, speedRange } from "./paths";

const AGENT = ["character_config", "agent_config"];

test("an account is written where the agent looks for it, its address and key only where given", () => {
  const account = { engine: "openai_llm", model: "gpt", key: "", address: "" };
  expect(accountEdits({}, account)).toEqual([
    {
      path: [...AGENT, "agent_settings", "basic_memory_agent", "llm_provider"],
      value: "openai_llm",
    },
    { path: [...AGENT, "llm_configs", "openai_llm", "model"], value: "gpt" },
  ]);
  const values = { character_config: { agent_config: { conversation_agent_choice: "other" } } };
  const all = accountEdits(values, { ...account, key: "k", address: "http://there/v1" });
  expect(all[0]?.path).toContain("other");
  expect(all.slice(2)).toEqual([
    { path: [...AGENT, "llm_configs", "openai_llm", "llm_api_key"], value: "k" },
    { path: [...AGENT, "llm_configs", "openai_llm", "base_url"], value: "http://there/v1" },
  ]);
});

test("that a key is kept is told without it", () => {
  const values = (set: unknown): unknown => ({
    character_config: { agent_config: { llm_configs: { openai_llm: { llm_api_key: set } } } },
  });
  expect(hasKey(values({ set: true }), "openai_llm")).toBe(true);
  expect(hasKey(values({ set: false }), "openai_llm")).toBe(false);
  expect(hasKey(values({ set: true }), "groq_llm")).toBe(false);
});

test("the bounds of a speed are in the schema, behind its references", () => {
  const schema = (speed: JsonSchema): JsonSchema => ({
    properties: { character_config: { $ref: "#/$defs/C" } },
    $defs: {
      C: { properties: { tts_config: { $ref: "#/$defs/T" } } },
      T: { properties: { hibari_tts: { $ref: "#/$defs/H" } } },
      H: { properties: { speed } },
    },
  });
  const known = { type: "number", minimum: 0.5, maximum: 2, default: 1.1 };
  expect(speedRange(schema(known), "hibari_tts")).toEqual({ usual: 1.1, slowest: 0.5, fastest: 2 });
  expect(speedRange(schema({ ...known, type: "integer" }), "hibari_tts")).toBeNull();
  expect(speedRange(schema({ type: "number", minimum: 0.5 }), "hibari_tts")).toBeNull();
  expect(speedRange(schema({ type: "number", exclusiveMinimum: 0 }), "hibari_tts")).toEqual({
    usual: 1,
    slowest: 0.5,
    fastest: 2,
  });
  expect(speedRange(schema(known), "other_tts")).toBeNull();
  expect(speedRange({}, "hibari_tts")).toBeNull();
});
