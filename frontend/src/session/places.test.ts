import { expect, test } from "vitest";

import { Message, ToolCall } from "./message.svelte";
import { entryOf } from "./places";

function said(id: number, role: "human" | "ai", text: string, second = 0): Message {
  const message = new Message(id, role, "", new Date(2026, 0, 1, 0, 0, second));
  message.text = text;
  return message;
}

const ENTRIES = [
  said(1, "human", "The kettle"),
  new ToolCall(2, "call", "clock"),
  said(3, "ai", "Nothing of it"),
  said(4, "ai", "ＫＥＴＴＬＥ, yes"),
  said(5, "ai", "The kettle again", 1),
];

const at = (role: "human" | "ai", second = 0): { role: "human" | "ai"; said_at: string } => ({
  role,
  said_at: `2026-01-01T00:00:0${second}`,
});

test("a message is found by who said it and when, and of several by the words", () => {
  expect(entryOf(ENTRIES, at("human"), "kettle")?.id).toBe(1);
  expect(entryOf(ENTRIES, at("ai"), "kettle")?.id).toBe(4);
  expect(entryOf(ENTRIES, at("ai", 1), "kettle")?.id).toBe(5);
  expect(entryOf(ENTRIES, at("ai"), "neither has it")?.id).toBe(3);
});

test("one that is not shown is not found", () => {
  expect(entryOf(ENTRIES, at("human", 1), "kettle")).toBeUndefined();
  expect(entryOf(ENTRIES, { role: "human", said_at: "" }, "kettle")).toBeUndefined();
});
