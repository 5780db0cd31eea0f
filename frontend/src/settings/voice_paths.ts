/** Where in conf.yaml stands how she speaks, and what the schema says of that; pure. */

import { resolved, type JsonSchema } from "./json_schema";

const VOICE = ["character_config", "tts_config"] as const;

/** Return where a key of a voice engine stands. */
export function voicePath(engine: string, key: string): string[] {
  return [...VOICE, engine, key];
}

/** Further than that no voice is understood. */
export const SLOWEST = 0.5;
export const FASTEST = 2;

export interface SpeedRange {
  readonly usual: number;
  readonly slowest: number;
  readonly fastest: number;
}

/** Return between which bounds an engine's speed can be, by the schema of conf.yaml; 1 is natural. */
export function speedRange(schema: JsonSchema, engine: string): SpeedRange | null {
  const found = fieldAt(schema, voicePath(engine, "speed"));
  if (found?.type !== "number") return null;
  const { minimum, exclusiveMinimum, maximum, default: usual } = found;
  // Some engines name no bounds but that it is above 0.
  const slowest = minimum ?? (exclusiveMinimum === undefined ? undefined : SLOWEST);
  const fastest = maximum ?? (exclusiveMinimum === undefined ? undefined : FASTEST);
  if (slowest === undefined || fastest === undefined) return null;
  return { usual: typeof usual === "number" ? usual : 1, slowest, fastest };
}

/** Return the voice that an engine speaks with where none is named; "" where that is not told. */
export function usualVoice(schema: JsonSchema, engine: string, key: string): string {
  const usual = fieldAt(schema, voicePath(engine, key))?.default;
  return typeof usual === "string" || typeof usual === "number" ? `${usual}` : "";
}

/** Whether an engine names its voices by numbers. */
export function isNumbered(schema: JsonSchema, engine: string, key: string): boolean {
  const type = fieldAt(schema, voicePath(engine, key))?.type;
  return type === "integer" || type === "number";
}

/** Follow a path through the sections of a schema. */
function fieldAt(schema: JsonSchema, path: readonly string[]): JsonSchema | undefined {
  let found: JsonSchema | undefined = resolved(schema, schema);
  for (const key of path) {
    const next: JsonSchema | undefined = found?.properties?.[key];
    found = next && resolved(next, schema);
  }
  return found;
}
