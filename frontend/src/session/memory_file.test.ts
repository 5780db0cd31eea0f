/** The file in which what she remembers is kept. */

import type { Remembered } from "@open-llm-vtuber/shared/protocol/messages";
import { expect, test } from "vitest";

import { memoryFile, readMemoryFile } from "./memory_file";

const KEPT = {
  text: "My sister's wedding is on Saturday.",
  kind: "date",
  slot: "sister/wedding",
  day: "2026-05-09",
  said_at: "2026-05-03T10:00:00",
  pinned: true,
  edited: false,
} as const;
const WEDDING: Remembered = { ...KEPT, id: 7, history_uid: "2026-05-03_09-58-00_0" };

test("what is kept is taken in again, without what belongs to one server only", () => {
  const text = memoryFile([WEDDING], "Wren", "Ada");
  expect(readMemoryFile(text)).toEqual([KEPT]);
  expect(JSON.parse(text)).toMatchObject({ character: "Wren", person: "Ada", version: 1 });
  expect(text).not.toContain(WEDDING.history_uid);
});

test.each([
  ["no JSON", "Dear diary"],
  ["another file", '{"facts": []}'],
  ["a list", "[]"],
  ["a later version", '{"format": "open-llm-vtuber-memory", "version": 2, "facts": []}'],
  [
    "something that lacks its time",
    '{"format": "open-llm-vtuber-memory", "version": 1, "facts": [{"text": "Hello."}]}',
  ],
])("%s is not taken in", (_, text) => {
  expect(readMemoryFile(text)).toBeNull();
});

test("what the server would not take is left out", () => {
  const text = memoryFile(
    [WEDDING, { ...WEDDING, text: "" }, { ...WEDDING, text: "a".repeat(1001) }],
    "",
    "",
  );
  expect(readMemoryFile(text)).toHaveLength(1);
});
