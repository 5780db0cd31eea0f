/** Where in conf.yaml stands the account of a service that thinks; pure. */

import type { Edit } from "../settings/api";
import { at, secretAt } from "../settings/values";

const AGENT = ["character_config", "agent_config"] as const;
const USUAL_AGENT = "basic_memory_agent";
/** Any server with OpenAI's API; its address is one's own. */
export const ELSEWHERE = "openai_compatible_llm";

/** What a person says of an account. */
export interface Account {
  readonly engine: string;
  readonly model: string;
  /** "" leaves the one that is kept. */
  readonly key: string;
  /** "" leaves the engine's own. */
  readonly address: string;
}

/** Return what has a service think, in a conf.yaml with these values. */
export function accountEdits(values: unknown, account: Account): Edit[] {
  const chosen = at(values, [...AGENT, "conversation_agent_choice"]);
  const agent = typeof chosen === "string" ? chosen : USUAL_AGENT;
  const section = [...AGENT, "llm_configs", account.engine];
  const edits: Edit[] = [
    { path: [...AGENT, "agent_settings", agent, "llm_provider"], value: account.engine },
    { path: [...section, "model"], value: account.model },
  ];
  if (account.key) edits.push({ path: [...section, "llm_api_key"], value: account.key });
  if (account.address) edits.push({ path: [...section, "base_url"], value: account.address });
  return edits;
}

/** Whether a key of an engine is kept already. */
export function hasKey(values: unknown, engine: string): boolean {
  return secretAt(at(values, [...AGENT, "llm_configs", engine, "llm_api_key"])) === true;
}
