/** When a first visitor is asked, what, and that it is done once. */

import { FakeSocket, fakeSockets } from "@open-llm-vtuber/shared/testing/socket";
import { fakeBrowser } from "@open-llm-vtuber/shared/testing/storage";
import { beforeEach, expect, test, vi } from "vitest";

import { Connection } from "./connection.svelte";
import { ServerChoices } from "./server_choices.svelte";
import { Settings } from "./settings.svelte";
import { Welcome } from "./welcome.svelte";

let settings: Settings;
beforeEach(() => {
  fakeBrowser();
  fakeSockets();
  settings = new Settings();
});

function visit(...extensions: "settings"[]): Welcome {
  const connection = new Connection("ws://here/client-ws");
  const welcome = new Welcome(connection, settings, new ServerChoices(connection, settings));
  connection.connect();
  FakeSocket.last.open();
  expect(welcome.isOpen).toBe(false); // before it is known who may configure
  FakeSocket.last.say({ type: "extensions-enabled", extensions });
  return welcome;
}

test("a first visitor is asked step by step", () => {
  const welcome = visit("settings");
  const over = vi.fn();
  welcome.on("over", over);
  expect([welcome.isOpen, welcome.isWanted]).toEqual([true, false]);
  const seen = [];
  while (welcome.isOpen) {
    seen.push(welcome.step);
    expect(welcome.number).toBe(seen.length);
    welcome.next();
  }
  expect(seen).toEqual(["language", "mind", "voice", "microphone"]);
  expect(over).toHaveBeenCalledOnce();
  expect(settings.now.hintsSeen).toEqual(["welcome"]);
});

test("who may not configure is asked what is the browser's own", () => {
  const welcome = visit();
  expect(welcome.steps).toEqual(["language", "microphone"]);
  welcome.next();
  expect([welcome.step, welcome.isLast]).toEqual(["microphone", true]);
  welcome.back();
  welcome.back();
  expect([welcome.step, welcome.number]).toEqual(["language", 1]);
});

test("whoever was here before is not asked, but may be", () => {
  settings.set({ hintsSeen: ["microphone"] });
  const welcome = visit("settings");
  expect(welcome.isOpen).toBe(false);
  welcome.again();
  expect([welcome.isOpen, welcome.isWanted, welcome.number]).toEqual([true, true, 1]);
  welcome.close();
  welcome.close();
  expect(settings.now.hintsSeen).toEqual(["microphone", "welcome"]);
});

test("a connection that comes back does not ask again", () => {
  const welcome = visit("settings");
  welcome.close();
  FakeSocket.last.say({ type: "extensions-enabled", extensions: ["settings"] });
  expect(welcome.isOpen).toBe(false);
});

test("the step stays one that there is, whoever it turns out to be", () => {
  const welcome = visit("settings");
  welcome.next();
  welcome.next();
  welcome.next();
  FakeSocket.last.say({ type: "extensions-enabled", extensions: [] });
  expect([welcome.step, welcome.number, welcome.isLast]).toEqual(["microphone", 2, true]);
  welcome.choose();
  welcome.choose();
  expect(welcome.done).toEqual(["microphone"]);
});
