/** What failed has words in each language. */

import messages from "../../../web_shared/src/protocol/messages.ts?raw";
import type { ErrorCode } from "@open-llm-vtuber/shared/protocol/messages";
import { expect, test } from "vitest";

import { errors as en } from "./en/errors";
import { worded } from "./errors";
import { errors as zh } from "./zh/errors";

/** Every code that the server may send. */
const [, union = ""] = /export type ErrorCode =([^;]*);/.exec(messages) ?? [];
const CODES = [...union.matchAll(/"([^"]+)"/g)].map(([, code]) => code as ErrorCode);

test("the codes are those of the server", () => {
  expect(CODES).toContain("internal");
  expect(CODES.length).toBeGreaterThan(20);
});

const PARAMS = { limit: 1, limit_s: 7, name: "x", package: "x", scripts: "x", file: "X.yaml" };

test.each(CODES)("%s has words of its own in each language", (code) => {
  const error = { message: "Server.", code, about: "llm", params: PARAMS };
  const [english, chinese] = [worded(en, error).text, worded(zh, error).text];
  expect(english).toMatch(/^[A-Z].*\.$|\?$/);
  expect(chinese).toMatch(/\p{Script=Han}.*[。？]$/u);
  for (const text of [english, chinese]) expect(text).not.toMatch(/undefined|Server\./);
});

test.each(CODES)("%s says what was wrong, and then what to do", (code) => {
  for (const about of ["llm", "tts", "system_config.limits.max_images"]) {
    const error = { message: "Server.", code, about, params: PARAMS };
    expect(worded(en, error).text).toMatch(/^[A-Z].+[.:;] .+\.$/);
    expect(worded(zh, error).text).toMatch(/^.+[。；，：].+。$/u);
  }
});

test("what a button mends has one", () => {
  const mendOf = (code: ErrorCode): unknown => worded(en, { message: "m", code }).mend;
  expect(mendOf("key-wrong")).toBe("settings");
  expect(mendOf("quota-spent")).toBe("settings");
  expect(mendOf("model-unknown")).toBe("settings");
  expect(mendOf("service-busy")).toBe("again");
  expect(mendOf("nothing-heard")).toBeUndefined();
});

test("what the server tells by name is in the words", () => {
  const error = {
    message: "m",
    code: "engine-timeout",
    about: "tts",
    params: { limit_s: 60 },
  } as const;
  expect(worded(en, error).text).toMatch(/^The voice took longer than 60 s\. /);
  expect(worded(en, error).detail).toBe("m");
  expect(worded(zh, error).text).toMatch(/^语音合成用时超过 60 秒。/);
});

test("the server's sentence is a detail only where it says more", () => {
  const said = { message: "It says: no credit.", about: "llm" };
  expect(worded(en, { ...said, code: "service-refused" }).detail).toBe("It says: no credit.");
  expect(worded(en, { ...said, code: "nothing-heard" }).detail).toBe("");
});

test("what has no code that is known here is told in the server's words", () => {
  expect(worded(zh, { message: "Oh." })).toMatchObject({ text: "Oh.", detail: "" });
  const code = "of-tomorrow" as ErrorCode;
  expect(worded(zh, { message: "Oh.", code })).toMatchObject({ text: "Oh.", detail: "" });
});
