/** What is asked of the settings, and what is no answer to it. */

import { beforeEach, expect, test, vi } from "vitest";

import { ApiError } from "../session/http";
import { attempt, fetchSchema, fetchValues, fetchVoices, save } from "./api";

let answers: (Response | Error)[] = [];
let asked: { url: URL; request: RequestInit }[] = [];

beforeEach(() => {
  answers = [];
  asked = [];
  vi.stubGlobal("location", { search: "?token=a%20b" });
  vi.stubGlobal("document", { baseURI: "http://here/vt/", querySelector: () => null });
  vi.stubGlobal("fetch", async (url: string, request: RequestInit) => {
    asked.push({ url: new URL(url), request });
    const answer = answers.shift();
    if (answer instanceof Response) return answer;
    throw answer ?? new Error("there is no answer");
  });
});

function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status });
}

const VALUES = { values: { a: 1 }, etag: "v1", can_undo: false, engines: { tts: "a_tts" } };

test("values are asked for with the etag of those that are known, below the server's path", async () => {
  answers = [json(VALUES), new Response(null, { status: 304 })];
  expect(await fetchValues()).toEqual(VALUES);
  expect(await fetchValues("v1")).toBeNull();
  expect(asked.map(({ url }) => url.href)).toEqual(
    Array<string>(2).fill("http://here/vt/api/config?token=a+b"),
  );
  expect(asked[0]?.request.headers).toEqual({});
  expect(asked[1]?.request.headers).toEqual({ "If-None-Match": '"v1"' });
});

test("why something is refused is told with the keys that are to blame", async () => {
  const problems = [{ path: "a.b", error: "too large" }];
  answers = [json({ error: "1 problem", problems }, 400)];
  const saved = save("v1", [{ path: ["a", "b"], value: 9 }], "123456");
  await expect(saved).rejects.toMatchObject({ status: 400, message: "1 problem", problems });
  expect(JSON.parse(String(asked[0]?.request.body))).toEqual({
    etag: "v1",
    edits: [{ path: ["a", "b"], value: 9 }],
    code: "123456",
  });
});

test("what is no schema is none", async () => {
  answers = [json({}), json({ $defs: {} })];
  await expect(fetchSchema()).rejects.toThrow(ApiError);
  expect(await fetchSchema()).toEqual({ $defs: {} });
});

test("a trial is a form, with the edits as JSON and what was recorded", async () => {
  const signal = new AbortController().signal;
  answers = [json({ sound: null, text: "hello", took_s: 0.5 })];
  const edits = [{ path: ["a"], value: "b" }];
  const file = new Blob(["RIFF"], { type: "audio/wav" });
  expect(await attempt("ears", edits, { file }, signal)).toHaveProperty("text", "hello");
  const form = asked[0]?.request.body as FormData;
  expect([form.get("kind"), form.get("edits"), form.get("text")]).toEqual([
    "ears",
    JSON.stringify(edits),
    "",
  ]);
  expect((form.get("file") as File).name).toBe("said.wav");
});

test("voices of which one is none are refused", async () => {
  const voice = { id: "a", name: "A", languages: ["en"], gender: "" };
  const signal = new AbortController().signal;
  answers = [
    json({ engine: "e", key: "voice", voices: [voice] }),
    json({ engine: "e", key: "voice", voices: [{ ...voice, languages: null }] }),
  ];
  expect(await fetchVoices([], signal)).toHaveProperty("voices", [voice]);
  await expect(fetchVoices([], signal)).rejects.toThrow(ApiError);
});
