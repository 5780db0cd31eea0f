/** The draft: what is kept, sent, taken back; and what the server answers, odd times included. */

import { beforeEach, expect, test } from "vitest";

import { ApiError } from "../session/http";
import type { Edit, Saved, Values } from "./api";
import { ConfigDraft } from "./config_draft.svelte";
import type { JsonSchema } from "./json_schema";
import type { Field } from "./schema_fields";

const SCHEMA: JsonSchema = {
  $ref: "#/$defs/Config",
  $defs: {
    Config: {
      properties: {
        name: { type: "string" },
        port: { type: "integer", default: 1 },
        key: { type: "string", default: "", secret: true },
        engine: { enum: ["a", "b"], engine: "tts", default: "a" },
        words: { type: "object", additionalProperties: { type: "string" }, default: {} },
      },
    },
  },
};

/** A server that keeps values, as ours does: an etag for each state, everything or nothing. */
class Server {
  values: Record<string, unknown> = { name: "Ann", key: { set: true } };
  version = 1;
  saved: { edits: readonly Edit[]; code: string }[] = [];
  /** Refuses the next change so. */
  refuses: ApiError | null = null;
  /** Refuses everything so. */
  away: ApiError | null = null;
  /** What happens while a change is being written. */
  meanwhile: () => void = () => {};
  reads = 0;

  fetchSchema = async (): Promise<JsonSchema> => {
    if (this.away) throw this.away;
    return SCHEMA;
  };

  fetchValues = async (etag = ""): Promise<Values | null> => {
    this.reads += 1;
    if (this.away) throw this.away;
    if (etag === this.etag) return null;
    const { values } = this;
    return { values: { ...values }, etag: this.etag, can_undo: this.version > 1, engines: {} };
  };

  save = async (etag: string, edits: readonly Edit[], code: string): Promise<Saved> => {
    this.saved.push({ edits, code });
    const { refuses } = this;
    this.refuses = null;
    if (refuses) throw refuses;
    if (etag !== this.etag) throw new ApiError(409, "conf.yaml has changed");
    for (const { path, value } of edits) this.write(path[0] ?? "", value);
    this.meanwhile();
    return { etag: this.etag, restart: edits.map(({ path }) => path.join(".")) };
  };

  takeBack = async (etag: string): Promise<Saved> => {
    if (etag !== this.etag) throw new ApiError(409, "conf.yaml has changed");
    this.write("name", "Before");
    return { etag: this.etag, restart: [] };
  };

  get etag(): string {
    return `v${this.version}`;
  }

  /** Somebody writes a key. */
  write(key: string, value: unknown): void {
    this.version += 1;
    const others = Object.fromEntries(Object.entries(this.values).filter(([one]) => one !== key));
    const told = key === "key" ? { set: true } : value;
    this.values = value === null ? others : { ...others, [key]: told };
  }
}

let server: Server;
let draft: ConfigDraft;

beforeEach(async () => {
  server = new Server();
  draft = new ConfigDraft(server);
  await draft.load();
});

function field(id: string): Field {
  const found = draft.fields.get(id);
  if (!found) throw new Error(`there is no ${id}`);
  return found;
}

function sent(): unknown[] {
  return server.saved.map(({ edits }) => edits.map(({ path, value }) => [path.join("."), value]));
}

test("what is set is kept until it is saved, and then it is no draft any more", async () => {
  draft.set(field("name"), "Bo");
  expect(draft.valueOf(field("name"))).toBe("Bo");
  expect(draft.savedOf(field("name"))).toBe("Ann");
  expect(draft.isChanged(field("name"))).toBe(true);
  expect(await draft.save()).toEqual({ kind: "done", restart: ["name"] });
  expect(sent()).toEqual([[["name", "Bo"]]]);
  expect(draft.edits).toEqual([]);
  expect(draft.savedOf(field("name"))).toBe("Bo");
  expect(draft.canUndo).toBe(true);
});

test("what is set back to what is saved, or to the default that holds, is no change", () => {
  draft.set(field("name"), "Bo");
  draft.set(field("name"), "Ann");
  draft.set(field("port"), 1);
  draft.set(field("port"), null);
  draft.set(field("words"), {});
  expect(draft.edits).toEqual([]);
});

test("an engine is named although it is the default: its language may have chosen another", () => {
  draft.set(field("engine"), "a");
  expect(draft.edits).toHaveLength(1);
});

test("what was changed can be taken back, one by one or all", () => {
  draft.set(field("name"), "Bo");
  draft.set(field("port"), 2);
  draft.takeBack(field("name"));
  expect(draft.edits.map(({ path }) => path)).toEqual([["port"]]);
  draft.discard();
  expect(draft.edits).toEqual([]);
});

test("a secret is set, or forgotten, and never compared with what is told of it", async () => {
  draft.set(field("key"), "planted");
  expect(draft.valueOf(field("key"))).toBe("planted");
  await draft.save();
  expect(JSON.stringify(draft.edits)).not.toContain("planted");
  expect(draft.valueOf(field("key"))).toEqual({ set: true });
  draft.set(field("key"), null);
  expect(draft.edits).toHaveLength(1);
  await draft.save();
  expect(draft.valueOf(field("key"))).toBeUndefined();
  draft.set(field("key"), null);
  expect(draft.edits).toEqual([]);
});

test("what is wrong is told at its field, until that is set anew; the edits stay", async () => {
  const problems = [
    { path: "port", error: "too large" },
    { path: "nowhere.known", error: "and this" },
  ];
  server.refuses = new ApiError(400, "two problems", problems);
  draft.set(field("port"), 99_999);
  expect(await draft.save()).toEqual({ kind: "refused" });
  expect(draft.problems).toEqual({ port: "too large", "": "and this" });
  expect(draft.edits).toHaveLength(1);
  draft.set(field("port"), 9);
  expect(draft.problems).toEqual({});
});

test("a refusal without problems is told all the same", async () => {
  server.refuses = new ApiError(0);
  draft.set(field("port"), 2);
  expect(await draft.save()).toEqual({ kind: "refused" });
  expect(draft.problems).toEqual({ "": "" });
});

test("a file that was changed by hand is shown, and the edits are kept", async () => {
  draft.set(field("name"), "Bo");
  server.write("name", "Cy");
  server.write("port", 7);
  expect(await draft.save()).toEqual({ kind: "conflict" });
  const told = draft.changedElsewhere.map((one) => [one.field.id, one.before, one.now, one.isMine]);
  expect(told).toEqual([
    ["name", "Ann", "Cy", true],
    ["port", undefined, 7, false],
  ]);
  expect(draft.valueOf(field("name"))).toBe("Bo");
  expect(server.values["name"]).toBe("Cy");
  expect((await draft.save()).kind).toBe("done");
  expect(server.values).toMatchObject({ name: "Bo", port: 7 });
  expect(draft.changedElsewhere).toEqual([]);
});

test("what was changed by hand and is no setting keeps nobody from saving", async () => {
  draft.set(field("name"), "Bo");
  server.version += 1; // a remark
  expect((await draft.save()).kind).toBe("done");
  expect(server.values["name"]).toBe("Bo");
  expect(draft.changedElsewhere).toEqual([]);
});

test("what was told of a change by hand stays told until it is known", async () => {
  draft.set(field("name"), "Bo");
  server.write("port", 7);
  expect(await draft.save()).toEqual({ kind: "conflict" });
  server.write("port", 8);
  await draft.load();
  expect(draft.changedElsewhere.map(({ before, now }) => [before, now])).toEqual([[undefined, 8]]);
  server.version += 1; // a remark is no more to know
  expect((await draft.save()).kind).toBe("done");
  expect(server.values).toMatchObject({ name: "Bo", port: 8 });
  server.write("port", 1);
  await draft.load();
  server.write("port", 8);
  await draft.load();
  expect(draft.changedElsewhere).toEqual([]); // it is again what was known
});

test("who writes remarks again and again is not waited for", async () => {
  server.fetchValues = async () => {
    const { values, etag } = server;
    server.version += 1;
    return { values, etag, can_undo: false, engines: {} };
  };
  draft.set(field("name"), "Bo");
  server.version += 1;
  expect(await draft.save()).toEqual({ kind: "conflict" });
  expect(server.saved).toHaveLength(3);
  expect(draft.edits).toHaveLength(1);
});

test("a code is not given again for another file", async () => {
  draft.set(field("port"), 2);
  server.version += 1;
  expect((await draft.save("123456")).kind).toBe("done");
  expect(server.saved.map(({ code }) => code)).toEqual(["123456", ""]);
});

test("a server that was lost amid saving and had done it leaves nothing wrong", async () => {
  draft.set(field("name"), "Bo");
  server.refuses = new ApiError(0, "Failed to fetch");
  expect(await draft.save()).toEqual({ kind: "refused" });
  expect(draft.problems[""]).toBe("Failed to fetch");
  await draft.load();
  expect(draft.problems[""]).toBe("Failed to fetch"); // the edit is still open
  server.write("name", "Bo");
  await draft.load();
  expect(draft.edits).toEqual([]);
  expect(draft.problems).toEqual({});
});

test("what is there may be taken instead", async () => {
  draft.set(field("name"), "Bo");
  server.write("name", "Cy");
  await draft.load();
  expect(draft.changedElsewhere).toHaveLength(1);
  draft.takeBack(field("name"));
  expect(draft.changedElsewhere).toEqual([]);
  expect(draft.valueOf(field("name"))).toBe("Cy");
});

test("who wrote the same elsewhere has made the edit needless", async () => {
  draft.set(field("name"), "Bo");
  server.write("name", "Bo");
  await draft.load();
  expect(draft.edits).toEqual([]);
});

test("what is edited while it is being saved stays", async () => {
  draft.set(field("name"), "Bo");
  server.meanwhile = () => {
    draft.set(field("name"), "Bob");
    draft.set(field("port"), 3);
  };
  await draft.save();
  expect(draft.edits.map(({ value }) => value)).toEqual(["Bob", 3]);
});

test("two savings at once are one, and one of nothing is none", async () => {
  expect(await draft.save()).toEqual({ kind: "refused" });
  draft.set(field("name"), "Bo");
  const both = await Promise.all([draft.save(), draft.save()]);
  expect(both.map(({ kind }) => kind)).toEqual(["done", "refused"]);
  expect(server.saved).toHaveLength(1);
});

test("an answer that was asked for before a change was saved does not undo it here", async () => {
  const held: (() => void)[] = [];
  let isSlow = false;
  const fetchValues = async (etag = ""): Promise<Values | null> => {
    const answer = await server.fetchValues(etag);
    if (isSlow) await new Promise<void>((resolve) => held.push(resolve));
    return answer;
  };
  draft = new ConfigDraft({ ...server, fetchValues });
  await draft.load();
  server.write("port", 6);
  isSlow = true;
  const slow = draft.load();
  await until(() => held.length === 1);
  isSlow = false;
  draft.set(field("name"), "Bo");
  expect((await draft.save()).kind).toBe("conflict"); // the file has changed
  expect((await draft.save()).kind).toBe("done");
  held[0]?.();
  await slow;
  expect(draft.savedOf(field("name"))).toBe("Bo");
  expect(draft.savedOf(field("port"))).toBe(6);
  expect(draft.changedElsewhere).toEqual([]);
});

test("the code is asked for, and the same edits go with it", async () => {
  const problems = [{ path: "port", error: "type in the code" }];
  server.refuses = new ApiError(428, "a code", problems);
  draft.set(field("port"), 2);
  expect(await draft.save()).toEqual({ kind: "asks" });
  expect(draft.question).toEqual({ ids: ["port"], isWrong: false });
  server.refuses = new ApiError(428, "not that", problems);
  expect(await draft.save("000000")).toEqual({ kind: "asks" });
  expect(draft.question?.isWrong).toBe(true);
  expect((await draft.save("123456")).kind).toBe("done");
  expect(draft.question).toBeNull();
  expect(server.saved.map(({ code }) => code)).toEqual(["", "000000", "123456"]);
});

test("who declines the code keeps the edits", async () => {
  server.refuses = new ApiError(428, "a code", [{ path: "port", error: "" }]);
  draft.set(field("port"), 2);
  await draft.save();
  draft.decline();
  expect(draft.question).toBeNull();
  expect(draft.edits).toHaveLength(1);
});

test("one field is saved at once, and what else is edited stays a draft", async () => {
  draft.set(field("name"), "Bo");
  expect((await draft.put(field("port"), 7)).kind).toBe("done");
  expect(server.saved.at(-1)?.edits).toEqual([{ path: ["port"], value: 7 }]);
  expect(server.values["port"]).toBe(7);
  expect(server.values["name"]).toBe("Ann");
  expect(draft.edits).toEqual([{ path: ["name"], value: "Bo" }]);
  // What is saved already needs nothing.
  const before = server.saved.length;
  expect((await draft.put(field("port"), 7)).kind).toBe("done");
  expect(server.saved.length).toBe(before);
});

test("what is refused at once is told and is no draft; the code is asked for, and given", async () => {
  server.refuses = new ApiError(400, "", [{ path: "port", error: "too low" }]);
  expect((await draft.put(field("port"), 0)).kind).toBe("refused");
  expect(draft.problems).toEqual({ port: "too low" });
  expect(draft.edits).toEqual([]);
  server.refuses = new ApiError(428, "", [{ path: "port", error: "dangerous" }]);
  expect((await draft.put(field("port"), 80)).kind).toBe("asks");
  expect(draft.question).toEqual({ ids: ["port"], isWrong: false });
  expect(draft.edits).toEqual([]);
  expect((await draft.put(field("port"), 80, "123456")).kind).toBe("done");
  expect(server.saved.at(-1)).toEqual({ edits: [{ path: ["port"], value: 80 }], code: "123456" });
  expect(draft.question).toBeNull();
});

test("what somebody else has changed elsewhere keeps no field from being saved at once", async () => {
  server.write("name", "Cy");
  expect((await draft.put(field("port"), 7)).kind).toBe("done");
  expect(server.values["port"]).toBe(7);
  // The same field is not overwritten.
  server.write("port", 9);
  expect((await draft.put(field("port"), 8)).kind).toBe("conflict");
  expect(server.values["port"]).toBe(9);
  expect(draft.savedOf(field("port"))).toBe(9);
});

test("undo reads what is there again, and leaves the edits alone", async () => {
  draft.set(field("port"), 2);
  expect((await draft.undo()).kind).toBe("done");
  expect(draft.savedOf(field("name"))).toBe("Before");
  expect(draft.edits).toHaveLength(1);
});

test("undo of a file that was changed by hand meanwhile tells what changed", async () => {
  server.write("name", "Cy");
  expect(await draft.undo()).toEqual({ kind: "conflict" });
  expect(draft.changedElsewhere).toHaveLength(1);
  expect(server.values["name"]).toBe("Cy");
});

test("who may not configure is told so, and sees nothing", async () => {
  server.away = new ApiError(403, "Settings are changed on the server's own computer.");
  const other = new ConfigDraft(server);
  await other.load();
  expect(other.state).toBe("refused");
  expect(other.refusal?.status).toBe(403);
  // Nor does who could before.
  await draft.load();
  expect(draft.state).toBe("refused");
});

test("a server that is away for a moment takes nothing away", async () => {
  draft.set(field("name"), "Bo");
  server.away = new ApiError(0);
  await draft.load();
  expect(draft.state).toBe("ready");
  expect(draft.valueOf(field("name"))).toBe("Bo");
  const other = new ConfigDraft(server);
  await other.load();
  expect(other.state).toBe("refused");
  server.away = null;
  await other.load();
  expect(other.state).toBe("ready");
});

test("several who look at once ask once", async () => {
  const before = server.reads;
  await Promise.all([draft.load(), draft.load(), draft.load()]);
  expect(server.reads).toBe(before + 1);
});

test("a trial is sent what concerns it alone", async () => {
  const text = { type: "string" };
  const character = {
    language: text,
    tts_config: { properties: { voice: text } },
    asr_config: { properties: { model: text } },
    agent_config: { properties: { llm: text } },
    tts_config_of_old: text,
  };
  const properties = { character_config: { properties: character }, name: text };
  server.fetchSchema = async () => ({ properties });
  draft = new ConfigDraft(server);
  await draft.load();
  for (const one of draft.fields.values()) draft.set(one, "anew");
  const sent = (kind: "voice" | "ears" | "mind"): string[] =>
    draft.editsFor(kind).map(({ path }) => path.slice(1).join("."));
  expect(sent("voice").sort()).toEqual(["language", "tts_config.voice"]);
  expect(sent("ears").sort()).toEqual(["asr_config.model", "language"]);
  expect(sent("mind")).toEqual(["agent_config.llm"]);
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 0));
}

test("a language that is not saved brings its engines", async () => {
  const engine = { type: "string", engine: "tts", default: "a", nullable: true };
  const schema: JsonSchema = {
    $ref: "#/$defs/Config",
    $defs: {
      Config: { properties: { character_config: { $ref: "#/$defs/Character" } } },
      Character: {
        properties: {
          language: { type: "string", default: "en" },
          tts_model: engine,
          a: { $ref: "#/$defs/A" },
          b: { $ref: "#/$defs/B" },
        },
      },
      A: { properties: { x: { type: "integer", default: 1 } } },
      B: { properties: { x: { type: "integer", default: 1 } } },
    },
  } as JsonSchema;
  const fetchSchema = (): Promise<JsonSchema> => Promise.resolve(schema);
  const german = (language: string): Record<string, string> =>
    language === "de" ? { tts: "b" } : {};
  draft = new ConfigDraft(Object.assign(Object.create(server) as Server, { fetchSchema }), german);
  await draft.load();
  const language = draft.fields.get("character_config.language");
  if (!language) throw new Error("no such field");
  expect(draft.engines["tts"]).toBeUndefined();
  draft.set(language, "de");
  expect(draft.engines["tts"]).toBe("b");
  draft.set(language, "fr"); // of which nothing is known
  expect(draft.engines["tts"]).toBeUndefined();
  draft.takeBack(language);
  expect(draft.engines["tts"]).toBeUndefined();
});
