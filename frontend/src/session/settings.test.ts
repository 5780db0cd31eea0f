import { SETTINGS as KEY } from "@open-llm-vtuber/shared/kept";
import { fakeBrowser, type FakeBrowser } from "@open-llm-vtuber/shared/testing/storage";
import { beforeEach, expect, test, vi } from "vitest";

import { wordsOf } from "../i18n/words";
import { Settings } from "./settings.svelte";

let browser: FakeBrowser;
beforeEach(() => {
  browser = fakeBrowser();
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

function kept(): Record<string, unknown> {
  return JSON.parse(browser.local.getItem(KEY) ?? "{}") as Record<string, unknown>;
}

function keptAs(value: unknown): Settings {
  browser.local.setItem(KEY, JSON.stringify(value));
  return new Settings();
}

const WRONG: [string, unknown][] = [
  ["language", "fr"],
  ["theme", "sepia"],
  ["captionSize", 3],
  ["volume", 7],
  ["volume", "loud"],
  ["isMuted", "no"],
  ["vadSensitivity", "high"],
  ["pauseMs", { ms: 800 }],
  ["proactiveAfterS", -5],
  ["hintsSeen", { microphone: true }],
  ["hintsSeen", [1]],
  ["placements", []],
  ["placements", { "/a.json": { scale: "big", x: 0, y: 0 } }],
  ["placements", { "/a.json": { scale: 0, x: 0, y: 0 } }],
  ["placements", { "/a.json": null }],
];

test.each(WRONG)("a kept %s that is %j is not a choice, and the others are kept", (name, value) => {
  const settings = keptAs({ captions: false, [name]: value });
  const untouched = keptAs({});
  expect(settings.now[name as "volume"]).toEqual(untouched.now[name as "volume"]);
  expect(settings.now.captions).toBe(false);
});

test.each([[null], [[1, 2]], ["text"], [7]])("settings that are %j are none", (value) => {
  expect(keptAs(value).now).toEqual(keptAs({}).now);
});

test("the page has words for whatever language was kept", () => {
  vi.stubGlobal("navigator", { languages: ["de", "zh-TW"] });
  expect(wordsOf(keptAs({ language: "fr" }).now.language).tag).toBe("zh-CN");
});

test("what was chosen is kept, and what another version keeps is left alone", () => {
  const settings = keptAs({ volume: 0.5, ofAnotherVersion: [1] });
  settings.set({ theme: "dark" });
  browser.tell("pagehide");
  expect(kept()).toEqual({ volume: 0.5, ofAnotherVersion: [1], theme: "dark" });
  expect(new Settings().now.theme).toBe("dark");
});

test("a drag is written once, when it is over", () => {
  const settings = keptAs({});
  const before = browser.local.writes;
  for (let x = 0; x < 1; x += 0.01) {
    settings.set({ placements: { "/a.json": { scale: 1, x, y: 0 } } });
    vi.advanceTimersByTime(16);
  }
  expect(browser.local.writes).toBe(before);
  vi.advanceTimersByTime(1000);
  expect(browser.local.writes).toBe(before + 1);
});

test("two tabs do not take back what was chosen in the other", () => {
  const [one, other] = [keptAs({}), new Settings()];
  one.set({ theme: "dark" });
  vi.runAllTimers();
  other.set({ volume: 0.25 });
  vi.runAllTimers();
  expect(kept()).toEqual({ theme: "dark", volume: 0.25 });
  browser.tell("storage", { key: KEY });
  expect([one.now.volume, other.now.theme]).toEqual([0.25, "dark"]);
});

test("what the other tab chose holds here, but for what is being chosen here", () => {
  const settings = keptAs({});
  settings.set({ volume: 0.25 });
  browser.local.setItem(KEY, JSON.stringify({ volume: 1, captions: false }));
  browser.tell("storage", { key: KEY });
  expect([settings.now.volume, settings.now.captions]).toEqual([0.25, false]);
  vi.runAllTimers();
  expect(kept()).toEqual({ volume: 0.25, captions: false });
});

test("a browser that keeps nothing is no reason to fail", () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const denied = (): never => {
    throw new DOMException("denied", "SecurityError");
  };
  vi.stubGlobal("localStorage", { getItem: denied, setItem: denied });
  const settings = new Settings();
  settings.set({ theme: "dark" });
  vi.runAllTimers();
  expect(settings.now.theme).toBe("dark");
});
