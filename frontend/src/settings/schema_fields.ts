/** The server's schema of conf.yaml becomes sections of fields that can be shown; pure. */

import { resolved, type JsonSchema } from "./json_schema";
import { unitOf, type Unit } from "./names";

export const GROUPS = ["voice", "ears", "mind", "character", "server"] as const;
export type Group = (typeof GROUPS)[number];
export type Scalar = string | number | boolean;
/** Keys of conf.yaml, from the outermost on. */
export type Path = readonly string[];

export interface Option {
  readonly value: Scalar;
  /** What the server says of it; "" for nothing. */
  readonly label: string;
}

/** How a value is set. */
export type Control =
  | { readonly type: "text" }
  | { readonly type: "switch" }
  | {
      readonly type: "number";
      readonly isWhole: boolean;
      readonly min: number | null;
      readonly max: number | null;
      /** Whether `min` itself is too little. */
      readonly isAbove: boolean;
    }
  | { readonly type: "choice"; readonly options: readonly Option[] }
  | { readonly type: "list"; readonly of: "text" | "number" }
  /** Entries that have the same texts each, by the names of these. */
  | { readonly type: "entries"; readonly columns: readonly string[] }
  /** Keys and texts, both free. */
  | { readonly type: "table" }
  /** Whatever has no form of its own is written as JSON. */
  | { readonly type: "json" };

/** An engine whose section a field is in. */
export interface Engine {
  readonly kind: string;
  readonly name: string;
}

export interface Field {
  /** Its path with dots: so the server names it too. */
  readonly id: string;
  readonly path: Path;
  readonly key: string;
  readonly description: string;
  readonly group: Group;
  readonly control: Control;
  readonly unit: Unit | null;
  /** What holds where conf.yaml says nothing; undefined where it has to say something. */
  readonly usual: unknown;
  /** Whether it counts only when the server is started anew. */
  readonly restart: boolean;
  readonly secret: boolean;
  /** Whether it is changed with the code on the server's console only. */
  readonly danger: boolean;
  /** Why it does nothing; "" where it does something. */
  readonly noEffect: string;
  /** Whether it names one of the voices that may be listed. */
  readonly isVoice: boolean;
  /** The kind of engine that it names; "" where it names none. */
  readonly engine: string;
}

export interface Section {
  /** Its path with dots. */
  readonly id: string;
  readonly key: string;
  readonly group: Group;
  /** The engine that it belongs to: it counts only while that is in use. */
  readonly of: Engine | null;
  readonly fields: readonly Field[];
}

/** What a section hands down to those in it. */
interface Above {
  readonly path: Path;
  readonly group: Group;
  readonly restart: boolean;
  readonly of: Engine | null;
}

const TOP: Above = { path: [], group: "server", restart: false, of: null };
/** Sections within each other that are looked into. */
const DEEPEST = 12;

/** Return all sections that have fields, in the order of the schema. */
export function sectionsOf(schema: JsonSchema): Section[] {
  return sectionsIn(resolved(schema, schema), schema, TOP);
}

function sectionsIn(section: JsonSchema, root: JsonSchema, above: Above): Section[] {
  const here: Above = {
    ...above,
    group: GROUPS.find((one) => one === section.group) ?? above.group,
    restart: above.restart || section.restart === true,
  };
  const fields: Field[] = [];
  const inner: Section[] = [];
  const engines = section.engines ?? "";
  for (const [key, written] of Object.entries(section.properties ?? {})) {
    const path = [...here.path, key];
    const schema = resolved(written, root);
    if (!schema.properties) {
      fields.push(fieldOf(key, schema, root, here));
    } else if (path.length < DEEPEST) {
      const of = engines ? { kind: engines, name: key } : here.of;
      inner.push(...sectionsIn(schema, root, { ...here, path, of }));
    }
  }
  const own: Section = {
    id: here.path.join("."),
    key: here.path.at(-1) ?? "",
    group: here.group,
    of: here.of,
    fields,
  };
  return fields.length ? [own, ...inner] : inner;
}

function fieldOf(key: string, schema: JsonSchema, root: JsonSchema, above: Above): Field {
  const path = [...above.path, key];
  return {
    id: path.join("."),
    path,
    key,
    description: schema.description ?? "",
    group: above.group,
    control: controlOf(schema, root),
    unit: isNumber(schema) ? unitOf(key) : null,
    usual: schema.default,
    restart: above.restart,
    secret: schema.secret === true,
    danger: schema.danger === true,
    noEffect: schema.no_effect ?? "",
    isVoice: schema.voice === true,
    engine: schema.engine ?? "",
  };
}

function controlOf(written: JsonSchema, root: JsonSchema): Control {
  const schema = resolved(written, root);
  if (schema.enum) return choice(schema.enum, schema.labels ?? {});
  if (schema.const !== undefined) return choice([schema.const], {});
  if (schema.anyOf) return controlOfAny(schema.anyOf, root);
  switch (schema.type) {
    case "boolean":
      return { type: "switch" };
    case "integer":
    case "number":
      return {
        type: "number",
        isWhole: schema.type === "integer",
        min: schema.minimum ?? schema.exclusiveMinimum ?? null,
        max: schema.maximum ?? schema.exclusiveMaximum ?? null,
        isAbove: schema.minimum === undefined && schema.exclusiveMinimum !== undefined,
      };
    case "array":
      return controlOfList(schema.items, root);
    case "object":
      return { type: isTextTable(schema) ? "table" : "json" };
    case "string":
      return { type: "text" };
    default:
      return { type: "json" };
  }
}

/** Null says no more than that nothing is written; of several others they must be a choice. */
function controlOfAny(parts: readonly JsonSchema[], root: JsonSchema): Control {
  const others = parts.filter(({ type }) => type !== "null");
  const [only] = others;
  if (only && others.length === 1) return controlOf(only, root);
  const values = others.map((one): readonly unknown[] | null => {
    if (one.enum) return one.enum;
    if (one.const !== undefined) return [one.const];
    return one.type === "boolean" ? [true, false] : null;
  });
  if (values.every((one) => one !== null)) return choice(values.flat(), {});
  const isText = others.some(({ type }) => type === "string");
  return isText && others.every(isSimple) ? { type: "text" } : { type: "json" };
}

function controlOfList(items: JsonSchema | undefined, root: JsonSchema): Control {
  const item = items ? resolved(items, root) : {};
  if (item.type === "string") return { type: "list", of: "text" };
  if (item.type === "integer" || item.type === "number") return { type: "list", of: "number" };
  const columns = Object.entries(item.properties ?? {});
  return columns.length > 0 && columns.every(([, { type }]) => type === "string")
    ? { type: "entries", columns: columns.map(([name]) => name) }
    : { type: "json" };
}

function choice(values: readonly unknown[], labels: Readonly<Record<string, string>>): Control {
  const options = values
    .filter((one): one is Scalar => ["string", "number", "boolean"].includes(typeof one))
    .map((value) => ({ value, label: labels[`${value}`] ?? "" }));
  return { type: "choice", options };
}

function isSimple({ type }: JsonSchema): boolean {
  return ["string", "number", "integer", "boolean"].includes(type ?? "");
}

function isNumber(schema: JsonSchema): boolean {
  const types = [schema.type, ...(schema.anyOf ?? []).map(({ type }) => type)];
  return types.some((type) => type === "integer" || type === "number");
}

function isTextTable({ additionalProperties: one }: JsonSchema): boolean {
  return typeof one === "object" && one.type === "string";
}
