import type { Error as Told, ErrorCode } from "@open-llm-vtuber/shared/protocol/messages";
import { beforeEach, expect, test, vi } from "vitest";

import { errors } from "../i18n/en/errors";
import { Message } from "./message.svelte";
import { Notices } from "./notices.svelte";
import { tell } from "./troubles";

const asked = new Message(1, "human", "", new Date());
const notices = new Notices();
const page = {
  words: { errors },
  notices,
  choices: { isAllowed: true },
  actions: { lastAsked: (): Message | undefined => asked, answerAnew: vi.fn() },
  openSettings: vi.fn(),
  openLanguage: vi.fn(),
};

beforeEach(() => {
  for (const { id } of notices.all) notices.remove(id);
  page.choices.isAllowed = true;
  vi.clearAllMocks();
});

function error(code: ErrorCode, more: Partial<Told> = {}): Told {
  return { type: "error", message: "Server.", code, about: "llm", turn: "t", ...more };
}

function labels(): (string | undefined)[] {
  return notices.all.map(({ action }) => action?.label);
}

test("what a service says of one fault differs, and is told once", () => {
  tell(page, error("service-busy", { message: "Request 1 was too much." }));
  tell(page, error("service-busy", { message: "Request 2 was too much." }));
  expect(notices.all.map(({ detail, count }) => [detail, count])).toEqual([
    ["Request 2 was too much.", 2],
  ]);
});

test("another engine, or another limit, is another fault", () => {
  tell(page, error("engine-failed"));
  tell(page, error("engine-failed", { about: "tts" }));
  tell(page, error("limit-reached", { about: "x", params: { limit: 1 } }));
  tell(page, error("limit-reached", { about: "x", params: { limit: 2 } }));
  expect(notices.all).toHaveLength(4);
});

test("settings are opened by who may change them", () => {
  tell(page, error("key-wrong"));
  expect(labels()).toEqual(["Open settings"]);
  notices.all[0]?.action?.run();
  expect(page.openSettings).toHaveBeenCalledOnce();
  page.choices.isAllowed = false;
  tell(page, error("key-wrong"));
  expect(labels()).toEqual([undefined]);
});

test("what the voice cannot say is no failure, and leads to the language", () => {
  tell(page, error("script-unspoken", { about: "tts", params: { scripts: "Chinese characters" } }));
  expect(notices.all.map(({ tone, stays }) => [tone, stays])).toEqual([["info", true]]);
  expect(labels()).toEqual(["Choose her language"]);
  notices.all[0]?.action?.run();
  expect(page.openLanguage).toHaveBeenCalledOnce();
});

test("what was asked is tried again, where something was asked", () => {
  tell(page, error("no-answer"));
  expect(labels()).toEqual(["Try again"]);
  notices.all[0]?.action?.run();
  expect(page.actions.answerAnew).toHaveBeenCalledWith(asked);
  tell(page, { type: "error", message: "Server.", code: "service-failed" }); // of no turn
  tell(page, error("service-failed", { about: "tts" })); // the words are there
  tell(page, error("service-failed", { about: "asr" })); // nobody knows them
  expect(labels().slice(1)).toEqual([undefined, undefined, undefined]);
});
