/** What of JSON Schema the server's description of conf.yaml uses, read from what came over HTTP. */

export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  /** Hints of ours: docs/settings-api.md says what each means. */
  readonly group?: string;
  readonly restart?: boolean;
  readonly secret?: boolean;
  readonly danger?: boolean;
  readonly no_effect?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly engine?: string;
  readonly engines?: string;
  readonly voice?: boolean;
}

/** References lead to references; this many are followed. */
const DEEPEST = 12;

/** Return the schema that is meant: what stands beside a reference stands before what it leads to. */
export function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let found = schema;
  for (let depth = 0; found.$ref !== undefined && depth < DEEPEST; depth += 1) {
    const { $ref, ...beside } = found;
    const name = $ref.slice($ref.lastIndexOf("/") + 1);
    found = { ...root.$defs?.[name], ...beside };
  }
  return found;
}
