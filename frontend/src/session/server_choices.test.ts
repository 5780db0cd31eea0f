/** What of the server's settings can be chosen, and what is offered. */

import type { LanguageModels } from "@open-llm-vtuber/shared/protocol/messages";
import { FakeSocket, fakeSockets } from "@open-llm-vtuber/shared/testing/socket";
import { fakeBrowser } from "@open-llm-vtuber/shared/testing/storage";
import { beforeEach, expect, test } from "vitest";

import { Connection } from "./connection.svelte";
import { ServerChoices } from "./server_choices.svelte";
import { Settings } from "./settings.svelte";

const SERVER = { engine: "ollama_llm", base_url: "http://localhost:11434/v1" };

let choices: ServerChoices;
let connection: Connection;
let settings: Settings;
beforeEach(() => {
  fakeBrowser();
  fakeSockets();
  connection = new Connection("ws://here/client-ws");
  settings = new Settings();
  choices = new ServerChoices(connection, settings);
  connection.connect();
  FakeSocket.last.open();
});

function greeted(...extensions: ("settings" | "groups")[]): void {
  FakeSocket.last.say({ type: "extensions-enabled", extensions });
  FakeSocket.last.say({
    type: "set-model-and-conf",
    model_info: {},
    conf_name: "Wren",
    conf_uid: "wren",
  });
}

function asked(kind: string): Record<string, unknown>[] {
  return FakeSocket.last.sent.filter(({ type }) => type === kind);
}

function told(servers: Record<string, string[]>, suggested = true): void {
  const entries = Object.entries(servers).map(([server, models]) => ({
    ...SERVER,
    server,
    models,
  }));
  const message: LanguageModels = {
    type: "language-models",
    servers: entries,
    engine: "llama_cpp_llm",
    model: "",
    suggested,
  };
  FakeSocket.last.say({
    ...message,
    request_id: String(asked("fetch-language-models").at(-1)?.request_id),
  });
}

test("who may not choose asks for nothing and is offered nothing", () => {
  greeted("groups");
  expect(asked("fetch-language-models")).toEqual([]);
  told({ Ollama: ["qwen3:4b"] });
  expect(choices.isOffered).toBe(false);
});

test("a model is offered only where the small one thinks and there is another", () => {
  greeted("settings");
  expect(asked("fetch-language-models")).toHaveLength(1);
  expect(choices.isOffered).toBe(false);
  told({ Ollama: [] });
  expect(choices.isOffered).toBe(false);
  told({ Ollama: ["qwen3:4b"], "LM Studio": ["gemma"] }, false);
  expect(choices.isOffered).toBe(false);
  told({ Ollama: ["qwen3:4b"], "LM Studio": ["gemma"] });
  expect(choices.isOffered).toBe(true);
  expect(choices.models).toEqual([
    { server: "Ollama", model: "qwen3:4b" },
    { server: "LM Studio", model: "gemma" },
  ]);
});

test("what is put away stays so, until another server runs", () => {
  greeted("settings");
  told({ Ollama: ["qwen3:4b"] });
  choices.putAway();
  expect(choices.isOffered).toBe(false);
  const again = new ServerChoices(connection, settings);
  FakeSocket.last.say({ type: "extensions-enabled", extensions: ["settings"] });
  told({ Ollama: ["qwen3:4b", "gemma3:1b"] });
  expect(again.isOffered).toBe(false);
  told({ Ollama: ["qwen3:4b"], "llama-server": ["a.gguf"] });
  expect(again.isOffered).toBe(true);
});

test("one choice is made at a time, and looked for what there is then", async () => {
  greeted("settings");
  const chosen = choices.chooseModel({ server: "Ollama", model: "qwen3:4b" });
  expect(choices.isChoosing).toBe(true);
  await expect(choices.chooseLanguage("de")).resolves.toBe(false);
  const [{ request_id } = {}] = asked("choose-language-model");
  expect(asked("choose-language")).toEqual([]);
  FakeSocket.last.say({
    type: "settings-changed",
    file: "conf.yaml",
    request_id: String(request_id),
  });
  await expect.poll(() => asked("fetch-language-models").length).toBe(2);
  connection.end();
  await expect(chosen).resolves.toBe(true);
  expect(choices.isChoosing).toBe(false);
});

test("a choice that is refused is none", async () => {
  greeted("settings");
  const chosen = choices.chooseLanguage("de");
  const [{ request_id } = {}] = asked("choose-language");
  FakeSocket.last.say({ type: "error", message: "No.", request_id: String(request_id) });
  await expect.poll(() => asked("fetch-languages").length).toBe(2);
  connection.end();
  await expect(chosen).resolves.toBe(false);
});
