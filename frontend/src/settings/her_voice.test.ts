/** What is written of a voice that is chosen, and of a speed that is changed in steps. */

import type { SoundOutput } from "@open-llm-vtuber/shared/audio/output";
import { beforeEach, expect, test, vi } from "vitest";

import { HerVoice } from "./her_voice.svelte";

const TTS = ["character_config", "tts_config", "kokoro_tts"];
const SCHEMA = {
  properties: { character_config: { $ref: "#/$defs/C" } },
  $defs: {
    C: { properties: { tts_config: { $ref: "#/$defs/T" } } },
    T: { properties: { kokoro_tts: { $ref: "#/$defs/K" } } },
    K: {
      properties: {
        voice: { type: "string", default: "bo" },
        speed: { type: "number", minimum: 0.5, maximum: 2, default: 1 },
      },
    },
  },
};
const LIST = {
  engine: "kokoro_tts",
  key: "voice",
  voices: ["ann", "bo"].map((id) => ({ id, name: id, languages: ["en-US"], gender: "" })),
};

/** What was asked to be written, in its order. */
let written: { etag: string; edits: unknown[] }[];
let refusal: { status: number; error: string } | null;
let voices: HerVoice;

/** The server: it counts what was written, and takes its time for each. */
async function answer(input: string, request: RequestInit = {}): Promise<Response> {
  const path = new URL(input).pathname;
  await new Promise((later) => setTimeout(later, 1));
  if (path === "/api/config/voices") return Response.json(LIST);
  if (path === "/api/config/schema") return Response.json(SCHEMA);
  const etag = `v${written.length}`;
  if (request.method === "GET") {
    return Response.json({ values: {}, etag, can_undo: false, engines: {} });
  }
  if (refusal) return Response.json({ error: refusal.error }, { status: refusal.status });
  written.push(JSON.parse(String(request.body)));
  return Response.json({ etag: `v${written.length}`, restart: [] });
}

beforeEach(async () => {
  written = [];
  refusal = null;
  vi.stubGlobal("location", new URL("http://here/"));
  vi.stubGlobal("document", { baseURI: "http://here/", querySelector: () => null });
  vi.stubGlobal("fetch", (input: URL | string, request?: RequestInit) =>
    answer(`${input}`, request),
  );
  voices = new HerVoice({} as SoundOutput);
  await voices.look();
});

test("what there is and what is used is told", () => {
  expect(voices.list?.voices.map(({ id }) => id)).toEqual(["ann", "bo"]);
  expect([voices.chosen, voices.speed]).toEqual(["bo", 1]);
  expect(voices.range).toEqual({ usual: 1, slowest: 0.5, fastest: 2 });
});

test("a voice that is chosen is written without anything else", async () => {
  voices.speed = 1.5; // as it was heard, but not kept
  expect(await voices.choose("bo")).toBe(true);
  expect(written).toMatchObject([
    { etag: "v0", edits: [{ path: [...TTS, "voice"], value: "bo" }] },
  ]);
  expect(voices.chosen).toBe("bo");
});

test("of a speed that is changed in steps the last one is kept", async () => {
  const saved = [1.05, 1.1, 1.15, 1.2].map((speed) => {
    voices.speed = speed;
    return voices.keepSpeed();
  });
  expect((await Promise.all(saved)).at(-1)).toBe(true);
  expect(written.at(-1)?.edits).toEqual([{ path: [...TTS, "speed"], value: 1.2 }]);
});

test("two changes are written one after the other, each of what the other left", async () => {
  voices.speed = 1.3;
  const done = await Promise.all([voices.choose("ann"), voices.keepSpeed()]);
  expect(done).toEqual([true, true]);
  expect(written.map(({ etag }) => etag)).toEqual(["v0", "v1"]);
});

test("why something was not written is told, and the next may be", async () => {
  refusal = { status: 400, error: "There is no such voice." };
  expect(await voices.choose("bo")).toBe(false);
  expect([voices.failure?.why, voices.chosen]).toEqual(["There is no such voice.", "bo"]);
  refusal = null;
  expect(await voices.choose("bo")).toBe(true);
  expect(voices.failure).toBeNull();
});
