/** Where the account of a service stands in conf.yaml. */

import { expect, test } from "vitest";

import { accountEdits, hasKey } from "./account_paths";

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
