/** Every setting and section has a name in both languages, and what is said of it a translation. */

import { expect, test } from "vitest";

import written from "../../../docs/conf.schema.json?raw";
import { configForm as en } from "../i18n/en/config_form";
import { configForm as zh } from "../i18n/zh/config_form";
import type { JsonSchema } from "./json_schema";
import { sectionsOf, type Field } from "./schema_fields";
import { nameOf, told } from "./words";

const SCHEMA = JSON.parse(written) as JsonSchema;
const SECTIONS = sectionsOf({ ...SCHEMA, $defs: asSections(SCHEMA.$defs ?? {}) });
/** What is set nowhere: engines without keys, and sections of Mem0 that do nothing. */
const UNSET = /\.(smart_turn|multilingual_e5|moonshine_asr|mem0_agent\.\w+\.\w+)$/;
const FIELDS: readonly Field[] = SECTIONS.flatMap(({ fields }) => fields).filter(
  ({ id }) => !UNSET.test(id),
);
const CHINESE = /\p{Script=Han}/u;
/** They are called so in every language. */
const PROPER: readonly string[] = ["Twitch", "YouTube", "Cookie SESSDATA"];

/** In the schema for editors a section may be empty as well; here each is one. */
function asSections(defs: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> {
  const asSection = (schema: JsonSchema): JsonSchema =>
    schema.anyOf?.find(({ $ref }) => $ref !== undefined) ?? schema;
  const mapped = Object.entries(defs).map(([name, { properties = {}, ...rest }]) => {
    const all = Object.entries(properties).map(([key, one]) => [key, asSection(one)] as const);
    return [name, all.length ? { ...rest, properties: Object.fromEntries(all) } : rest] as const;
  });
  return Object.fromEntries(mapped);
}

function isNamed({ names }: typeof en, id: string): boolean {
  const keys = id.split(".");
  return keys.slice(-2).join(".") in names || (keys.at(-1) ?? "") in names;
}

test("the schema is the one of all settings", () => {
  expect(FIELDS.length).toBeGreaterThan(400);
});

test.each([
  ["English", en],
  ["Chinese", zh],
])("every setting has a name in %s that is not its key", (_, words) => {
  const bare = FIELDS.filter(({ id, key }) => !isNamed(words, id) || nameOf(words, id) === key);
  expect(bare.map(({ id }) => id)).toEqual([]);
});

test.each([
  ["English", en],
  ["Chinese", zh],
])("no two settings of a section are called alike in %s", (_, words) => {
  const twice = SECTIONS.flatMap(({ fields }) => {
    const names = fields.map(({ id }) => nameOf(words, id));
    return fields.filter(({ id }, at) => names.indexOf(nameOf(words, id)) !== at);
  });
  expect(twice.map(({ id }) => id)).toEqual([]);
});

test("a Chinese name is Chinese, but for proper names", () => {
  const foreign = Object.values(zh.names).filter((name) => !CHINESE.test(name));
  expect(foreign.filter((name) => !PROPER.includes(name))).toEqual([]);
});

test("what the server says of a setting is known in Chinese", () => {
  const said = FIELDS.map(({ description }) =>
    description.replace(/^Has no effect: (.*)\.$/, "$1"),
  );
  expect(said.filter((text) => text && !(text in zh.translations))).toEqual([]);
});

test("nothing is translated that nobody says any more", () => {
  const said = new Set(FIELDS.map(({ description }) => description));
  const ofSettings = Object.keys(zh.translations).filter((text) => said.has(text));
  expect(ofSettings.length).toBeGreaterThan(300);
});

test("true and false are yes and no where that is chosen", () => {
  expect(told(en, "true: do; false: do not", true)).toBe("Yes: do; No: do not");
  expect(told(en, "`true` is a word of YAML")).toContain("true");
});
