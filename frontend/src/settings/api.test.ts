/** What comes over HTTP is checked where it comes in, and nothing of it is thrown. */

import { beforeEach, expect, test, vi } from "vitest";

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
  expect(await fetchValues()).toEqual({ value: VALUES });
  expect(await fetchValues("v1")).toEqual({ value: null });
  expect(asked.map(({ url }) => url.href)).toEqual(
    Array<string>(2).fill("http://here/vt/api/config?token=a+b"),
  );
  expect(asked[0]?.request.headers).toEqual({});
  expect(asked[1]?.request.headers).toEqual({ "If-None-Match": '"v1"' });
});

test("why something is refused is told with the keys that are to blame", async () => {
  const problems = [{ path: "a.b", error: "too large" }];
  answers = [json({ error: "1 problem", problems }, 400)];
  expect(await save("v1", [{ path: ["a", "b"], value: 9 }], "123456")).toEqual({
    refusal: { status: 400, error: "1 problem", problems },
  });
  expect(JSON.parse(String(asked[0]?.request.body))).toEqual({
    etag: "v1",
    edits: [{ path: ["a", "b"], value: 9 }],
    code: "123456",
  });
});

test.each<[string, Response | Error, number, RegExp]>([
  ["a proxy's page", new Response("<html>", { status: 502 }), 502, /./],
  ["a failure without a text", json({ detail: [] }, 422), 422, /^HTTP 422$/],
  ["problems of another form", json({ error: "no", problems: "all" }, 400), 400, /^no$/],
  ["an answer of another form", json({ values: [], etag: 1 }), 200, /^HTTP 200$/],
  ["a server that is away", new TypeError("Failed to fetch"), 0, /^Failed to fetch$/],
])("%s is a refusal", async (_, answer, status, error) => {
  answers = [answer];
  const found = await fetchValues();
  expect(found).toMatchObject({ refusal: { status, problems: [] } });
  expect("refusal" in found && found.refusal.error).toMatch(error);
});

test("what is no schema is none", async () => {
  answers = [json({}), json({ $defs: {} })];
  expect(await fetchSchema()).toHaveProperty("refusal");
  expect(await fetchSchema()).toHaveProperty("value");
});

test("a trial is a form, with the edits as JSON and what was recorded", async () => {
  const signal = new AbortController().signal;
  answers = [json({ sound: null, text: "hello", took_s: 0.5 })];
  const edits = [{ path: ["a"], value: "b" }];
  const file = new Blob(["RIFF"], { type: "audio/wav" });
  expect(await attempt("ears", edits, { file }, signal)).toHaveProperty("value.text", "hello");
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
  expect(await fetchVoices([], signal)).toHaveProperty("value.voices", [voice]);
  expect(await fetchVoices([], signal)).toHaveProperty("refusal");
});
