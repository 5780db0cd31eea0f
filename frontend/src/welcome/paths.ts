/** Where in conf.yaml stands what the first visit sets; pure. */

import type { Edit } from "./api";

const AGENT = ["character_config", "agent_config"] as const;
const VOICE = ["character_config", "tts_config"] as const;
const USUAL_AGENT = "basic_memory_agent";
/** Any server with OpenAI's API; its address is one's own. */
export const ELSEWHERE = "openai_compatible_llm";

/** Return the value at a place of nested tables; undefined where there is none. */
export function valueAt(values: unknown, path: readonly string[]): unknown {
  let found = values;
  for (const key of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}

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
  const chosen = valueAt(values, [...AGENT, "conversation_agent_choice"]);
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
  return valueAt(values, [...AGENT, "llm_configs", engine, "llm_api_key", "set"]) === true;
}

/** Return where a key of a voice engine stands. */
export function voicePath(engine: string, key: string): string[] {
  return [...VOICE, engine, key];
}

export interface SpeedRange {
  readonly usual: number;
  readonly slowest: number;
  readonly fastest: number;
}

/** Return between which bounds an engine's speed can be, by the schema of conf.yaml; 1 is natural. */
export function speedRange(schema: unknown, engine: string): SpeedRange | null {
  const field = fieldAt(schema, voicePath(engine, "speed"));
  const { type, minimum, maximum } = field;
  if (type !== "number" || typeof minimum !== "number" || typeof maximum !== "number") return null;
  return {
    usual: typeof field["default"] === "number" ? field["default"] : 1,
    slowest: minimum,
    fastest: maximum,
  };
}

/** Follow a path through the definitions of a JSON Schema. */
function fieldAt(schema: unknown, path: readonly string[]): Record<string, unknown> {
  let found = resolved(schema, schema);
  for (const key of path) found = resolved(schema, valueAt(found, ["properties", key]));
  return found;
}

function resolved(root: unknown, schema: unknown): Record<string, unknown> {
  let found = schema;
  for (;;) {
    const reference = valueAt(found, ["$ref"]);
    if (typeof reference !== "string") break;
    found = valueAt(root, reference.split("/").slice(1));
  }
  return typeof found === "object" && found !== null ? (found as Record<string, unknown>) : {};
}
