import { beforeEach, expect, test } from "vitest";

import { Drafts } from "./drafts.svelte";
import { Editor } from "./editor.svelte";
import { newRow } from "./lore";
import { CharacterServer } from "./testing/server";

let server: CharacterServer;
let drafts: Drafts;

beforeEach(() => {
  server = new CharacterServer();
  server.keep("ada.yaml", {
    conf_name: "Ada",
    character_name: "Ada",
    persona_prompt: "You are Ada.",
    greeting: "Hello.",
    language: "en",
  });
  drafts = new Drafts();
});

async function opened(file: string): Promise<Editor> {
  const editor = new Editor(file, drafts);
  await editor.open();
  expect(editor.state).toBe("ready");
  return editor;
}

test("only what was changed is sent, for the file as it was read", async () => {
  const editor = await opened("ada.yaml");
  expect(editor.isDirty).toBe(false);
  editor.set({ greeting: "Hey." });
  expect(await editor.save([])).toBe("ada.yaml");
  const [, , sent] = server.asked.find(([method]) => method === "PATCH") ?? [];
  expect(sent).toEqual({ fields: { greeting: "Hey." }, etag: "1" });
  expect(editor.isDirty).toBe(false);
  editor.set({ greeting: "Ahoy." });
  expect(await editor.save([])).toBe("ada.yaml"); // the etag is the new one
});

test("what is not saved is there when one comes back, in a page that was loaded anew as well", async () => {
  (await opened("ada.yaml")).set({ greeting: "Hey." });
  drafts = new Drafts();
  const again = await opened("ada.yaml");
  expect(again.fields.greeting).toBe("Hey.");
  again.set({ greeting: "Hello." });
  expect(drafts.all).toEqual([]); // it is what is saved
});

test("a change by hand stands beside those here", async () => {
  const editor = await opened("ada.yaml");
  editor.set({ greeting: "Hey." });
  server.keep("ada.yaml", { language: "de" });
  expect(await editor.save([])).toBeNull();
  expect(editor.conflicts).toEqual([]);
  expect(editor.fields.language).toBe("de");
  expect(await editor.save([])).toBe("ada.yaml");
  expect(server.of("ada.yaml")).toMatchObject({ greeting: "Hey.", language: "de" });
});

test("what was changed in both places is chosen", async () => {
  const editor = await opened("ada.yaml");
  editor.set({ greeting: "Hey." });
  server.keep("ada.yaml", { greeting: "Ahoy." });
  expect(await editor.save([])).toBeNull();
  expect(editor.conflicts).toEqual([{ field: "greeting", mine: "Hey.", theirs: "Ahoy." }]);
  expect(await editor.save([])).toBe("ada.yaml");
  expect(server.of("ada.yaml").greeting).toBe("Hey.");
});

test("who was deleted meanwhile is made anew, with all that is written of her", async () => {
  const editor = await opened("ada.yaml");
  editor.set({ greeting: "Hey." });
  server.files.delete("ada.yaml");
  expect(await editor.save([])).toBeNull();
  expect(editor.isGone).toBe(true);
  expect(await editor.save([])).toBe("new.yaml");
  expect(server.of("new.yaml")).toMatchObject({ conf_name: "Ada", greeting: "Hey." });
  expect(drafts.all).toEqual([]);
});

test("a new one speaks as conf.yaml's, and nothing is asked of the server that it would refuse", async () => {
  const editor = await opened("");
  expect(editor.fields.language).toBe("en");
  expect(await editor.save([])).toBeNull();
  expect(Object.keys(editor.problems)).toEqual(["persona_prompt", "character_name"]);
  editor.set({ character_name: "Bea", persona_prompt: "You are Bea." });
  expect(editor.problems).toEqual({});
  editor.setPicture("data:image/png;base64,iVBORw==");
  expect(await editor.save([])).toBe("new.yaml");
  expect(server.of("new.yaml").avatar).toBe("new.yaml.png");
  expect(drafts.all).toEqual([]);
});

test("where the picture of a new one is refused, she is there and the picture waits", async () => {
  const editor = await opened("");
  editor.set({ character_name: "Bea", persona_prompt: "You are Bea." });
  editor.setPicture("data:image/png;base64,iVBORw==");
  server.refusesPictures = true;
  expect(await editor.save([])).toBeNull();
  expect([editor.draft.file, editor.failure?.why]).toEqual(["new.yaml", "Too large."]);
  expect(drafts.all.map(({ file }) => file)).toEqual(["new.yaml"]);
  server.refusesPictures = false;
  expect(await editor.save([])).toBe("new.yaml");
  expect(
    server.asked.filter(([method, path]) => method === "POST" && path === "/characters"),
  ).toHaveLength(1);
});

test("what the server says of a field stands there, other things do not", async () => {
  const editor = await opened("ada.yaml");
  editor.set({ voice: "/etc/passwd" });
  const problems = [{ path: "character_config.voice", error: "A file." }];
  server.failure = Response.json({ error: "A file.", problems }, { status: 400 });
  expect(await editor.save([])).toBeNull();
  expect(editor.problems).toEqual({ voice: { kind: "told", text: "A file." } });
  expect(editor.failure).toBeNull();
  const detail = [{ loc: ["body", "fields", "greeting"], msg: "Too long.", type: "x" }];
  server.failure = Response.json({ detail }, { status: 422 });
  await editor.save([]);
  expect(editor.problems).toEqual({ greeting: { kind: "told", text: "Too long." } });
  server.failure = new Response("<html>", { status: 502, statusText: "Bad Gateway" });
  await editor.save([]);
  expect(editor.failure?.why).toBe("HTTP 502");
  server.failure = null;
  server.isAway = true;
  await editor.save([]);
  expect([editor.failure?.status, editor.failure?.why]).toEqual([0, ""]);
  server.isAway = false;
  expect(await editor.save([])).toBe("ada.yaml");
});

test("where she cannot be read, it is told and can be tried again", async () => {
  server.isAway = true;
  const editor = new Editor("ada.yaml", drafts);
  await editor.open();
  expect(editor.state).toBe("failed");
  server.isAway = false;
  await editor.open();
  expect(editor.state).toBe("ready");
  expect(editor.failure).toBeNull();
});

test("two presses save once", async () => {
  const editor = await opened("ada.yaml");
  editor.set({ greeting: "Hey." });
  const both = await Promise.all([editor.save([]), editor.save([])]);
  expect(both).toEqual(["ada.yaml", null]);
  expect(server.asked.filter(([method]) => method === "PATCH")).toHaveLength(1);
});

test("what is discarded can be had back", async () => {
  const editor = await opened("ada.yaml");
  editor.set({ greeting: "Hey." });
  const { draft } = editor;
  editor.discard();
  expect([editor.fields.greeting, editor.isDirty, drafts.all.length]).toEqual(["Hello.", false, 0]);
  editor.restore(draft);
  expect([editor.fields.greeting, editor.isDirty, drafts.all.length]).toEqual(["Hey.", true, 1]);
});

const FOX = { keys: ["fox"], content: "Red.", enabled: true, constant: false };

test("her lorebook is saved with her, and is there again where it was not", async () => {
  server.keepLore("ada.yaml", [FOX]);
  const editor = await opened("ada.yaml");
  expect(editor.isDirty).toBe(false);
  const [row] = editor.lore.rows;
  if (!row) throw new Error("no row");
  editor.setLore([{ ...row, content: "Grey." }]);
  expect(editor.isDirty).toBe(true);
  drafts = new Drafts();
  const again = await opened("ada.yaml");
  expect(again.lore.rows[0]?.content).toBe("Grey.");
  expect(await again.save([])).toBe("ada.yaml");
  expect(server.lore.get("ada.yaml")?.entries).toMatchObject([{ ...FOX, content: "Grey." }]);
  expect([again.isDirty, drafts.all.length]).toEqual([false, 0]);
  expect(again.lore.rows[0]?.key).toBe(row.key); // who writes in it goes on
  expect(server.asked.some(([method]) => method === "PATCH")).toBe(false);
});

test("a new one has a lorebook once she has a file", async () => {
  const editor = await opened("");
  editor.set({ character_name: "Bea", persona_prompt: "You are Bea." });
  editor.setLore([{ ...newRow("n"), words: "owl", content: "Wise." }]);
  server.refusesPictures = true;
  editor.setPicture("data:image/png;base64,iVBORw==");
  expect(await editor.save([])).toBeNull();
  expect(drafts.all.map(({ file, lore }) => [file, lore?.rows.length])).toEqual([["new.yaml", 1]]);
  server.refusesPictures = false;
  expect(await editor.save([])).toBe("new.yaml");
  expect(server.lore.get("new.yaml")?.entries).toMatchObject([{ keys: ["owl"], content: "Wise." }]);
  expect(drafts.all).toEqual([]);
});

test("a lorebook that was changed elsewhere is put together with what is written", async () => {
  server.keepLore("ada.yaml", [FOX]);
  const editor = await opened("ada.yaml");
  editor.setLore([...editor.lore.rows, { ...newRow("n"), content: "Mine." }]);
  server.keepLore("ada.yaml", [FOX, { ...FOX, content: "Theirs." }]);
  expect(await editor.save([])).toBeNull();
  expect([editor.lore.isMerged, editor.failure]).toEqual([true, null]);
  expect(editor.lore.rows.map(({ content }) => content)).toEqual(["Red.", "Mine.", "Theirs."]);
  expect(await editor.save([])).toBe("ada.yaml");
  expect(server.lore.get("ada.yaml")?.entries).toHaveLength(3);
  expect(editor.lore.isMerged).toBe(false);
});

test("an empty entry is told and not sent; discarded, it can be had back", async () => {
  const editor = await opened("ada.yaml");
  editor.setLore([newRow("n")]);
  expect(editor.lore.wrong).toEqual({}); // it is just being written
  expect(await editor.save([])).toBeNull();
  expect(editor.lore.wrong).toEqual({ n: { content: { kind: "empty" } } });
  editor.setLore([{ ...newRow("n"), content: "x" }]);
  expect(editor.lore.wrong).toEqual({});
  const { draft } = editor;
  editor.discard();
  expect([editor.lore.rows, editor.isDirty]).toEqual([[], false]);
  editor.restore(draft);
  expect([editor.lore.rows.length, editor.isDirty, drafts.all.length]).toEqual([1, true, 1]);
});

test("who was deleted meanwhile keeps her lorebook, too", async () => {
  server.keepLore("ada.yaml", [FOX]);
  const editor = await opened("ada.yaml");
  editor.set({ greeting: "Hey." });
  server.files.delete("ada.yaml");
  expect(await editor.save([])).toBeNull();
  expect(await editor.save([])).toBe("new.yaml");
  expect(server.lore.get("new.yaml")?.entries).toMatchObject([FOX]);
});

test("what is more than the server takes is told before it is sent", async () => {
  server.mostBytes = 2048;
  const editor = await opened("ada.yaml");
  editor.set({ persona_prompt: "猫".repeat(1000) });
  expect(await editor.save([])).toBeNull();
  expect(editor.tooLarge).toEqual({ written: 3, most: 2 });
  expect(server.asked.some(([method]) => method === "PATCH")).toBe(false);
  editor.set({ persona_prompt: "猫" });
  expect(await editor.save([])).toBe("ada.yaml");
  expect(editor.tooLarge).toBeNull();
});
