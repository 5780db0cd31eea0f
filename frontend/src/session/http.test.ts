/** What comes over HTTP is checked where it comes in; whatever fails is one kind of error. */

import type { CommonWords } from "@open-llm-vtuber/shared/i18n/common";
import { isMadeOf, isText, orNull } from "@open-llm-vtuber/shared/kept";
import { beforeEach, expect, test, vi } from "vitest";

import { errors as en } from "../i18n/en/errors";
import { errors as zh } from "../i18n/zh/errors";
import { ApiError, answerTo, ask, inPath, whyOf } from "./http";

const isNamed = isMadeOf<{ name: string }>({ name: isText });
let answer: Response | Error;
let asked: { url: URL; request: RequestInit }[] = [];

beforeEach(() => {
  asked = [];
  vi.stubGlobal("location", { search: "?token=a%20b" });
  vi.stubGlobal("document", { baseURI: "http://here/vt/", querySelector: () => null });
  vi.stubGlobal("fetch", async (url: string, request: RequestInit) => {
    asked.push({ url: new URL(url), request });
    request.signal?.throwIfAborted();
    if (answer instanceof Response) return answer;
    throw answer;
  });
});

function json(body: unknown, status = 200): Response {
  return Response.json(body, { status });
}

test("what is asked goes below the server's path, with the token, as JSON or as a form", async () => {
  answer = json({ name: "Ada" });
  expect(await ask("/one", isNamed)).toEqual({ name: "Ada" });
  answer = json({ name: "Bo" });
  await ask("/two", isNamed, { method: "POST", json: { a: null }, headers: { "X-One": "1" } });
  answer = json({ name: "Cy" });
  const form = new FormData();
  await ask("/three", isNamed, { method: "POST", form });
  expect(asked[0]?.url.href).toBe("http://here/vt/one?token=a+b");
  expect(asked[0]?.request).toMatchObject({ method: "GET", headers: {} });
  expect(asked[1]?.request).toMatchObject({
    body: '{"a":null}',
    headers: { "Content-Type": "application/json", "X-One": "1" },
  });
  expect(asked[2]?.request.body).toBe(form);
});

test.each<[string, Response | Error, number, string]>([
  ["a proxy's page", new Response("<html>", { status: 502 }), 502, "HTTP 502"],
  ["a failure without a text", json({ detail: [] }, 422), 422, "HTTP 422"],
  ["problems of another form", json({ error: "no", problems: "all" }, 400), 400, "no"],
  ["an answer of another form", json({ name: 1 }), 200, "HTTP 200"],
  ["an answer that is cut off", new Response("{", { status: 200 }), 200, "HTTP 200"],
  ["no answer at all", new Response(null, { status: 204 }), 204, "HTTP 204"],
  ["a server that is away", new TypeError("Failed to fetch"), 0, ""],
])("%s is a failure", async (_, given, status, message) => {
  answer = given;
  await expect(ask("/one", isNamed)).rejects.toMatchObject({ status, message, problems: [] });
});

test("where nothing is to be told, null is an answer", async () => {
  answer = new Response(null, { status: 304 });
  expect(await ask("/one", orNull(isNamed))).toBeNull();
});

test("what is told of some keys is all that is told, each thing once", async () => {
  const problems = ["a", "b", "c"].map((path) => ({
    path,
    error: path === "c" ? "Odd." : "Long.",
  }));
  answer = json({ error: "3 problems", problems }, 400);
  const failed = await answerTo(ask("/one", isNamed));
  expect("refusal" in failed && [failed.refusal.why, failed.refusal.problems]).toEqual([
    "Long.\nOdd.",
    problems,
  ]);
  answer = json({ detail: [{ loc: ["body", "text", 3], msg: "Not a text.", type: "x" }] }, 422);
  await expect(ask("/one", isNamed)).rejects.toMatchObject({
    why: "Not a text.",
    problems: [{ path: "body.text.3", error: "Not a text." }],
  });
});

test("a question that is given up is no failure of the server", async () => {
  const giveUp = new AbortController();
  giveUp.abort();
  const failed = ask("/one", isNamed, { signal: giveUp.signal });
  await expect(failed).rejects.toMatchObject({ name: "AbortError" });
  await expect(failed).rejects.not.toBeInstanceOf(ApiError);
});

test("a folder in a file's place stays one", () => {
  expect(inPath("my own/ada?.yaml")).toBe("my%20own/ada%3F.yaml");
});

test("what failed is told in the words of the page, and the server's sentence is its detail", async () => {
  const common = { unreachable: "Gone." } as CommonWords;
  const body = { error: "No such host.", code: "service-unreachable", about: "llm", params: {} };
  answer = json(body, 502);
  const failed = await ask("/try", isNamed).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(ApiError);
  const told = whyOf(failed as ApiError, { common, errors: zh });
  expect(told.text).toMatch(/语言模型/);
  expect(told.detail).toBe("No such host.");
  expect(whyOf(failed as ApiError, { common, errors: en }).text).toMatch(/cannot be reached/);
  answer = json({ error: "Odd.", code: "of-tomorrow" }, 500);
  const odd = await ask("/try", isNamed).catch((error: unknown) => error);
  expect(whyOf(odd as ApiError, { common, errors: zh })).toMatchObject({
    text: "Odd.",
    detail: "",
  });
  expect(whyOf(new ApiError(0), { common, errors: zh })).toMatchObject({
    text: "Gone.",
    detail: "",
  });
});
