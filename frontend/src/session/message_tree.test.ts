import { describe, expect, it } from "vitest";

import {
  before,
  offered,
  partsOf,
  place,
  questionOf,
  sameWords,
  upTo,
  type Placed,
  type Said,
} from "./message_tree";

function said(role: Said["role"], serverId: string, more: Partial<Said> = {}): Said {
  return {
    kind: "message",
    role,
    serverId,
    versions: [],
    speaker: "",
    text: "Words.",
    cut: false,
    growing: false,
    isProvisional: false,
    ...more,
  };
}

const TOOL: Placed = { kind: "tool" };
const IDLE = { isIdle: true, rewrites: true, isShared: false };

describe("what can be done with a message", () => {
  const question = said("human", "q");
  const answer = said("ai", "a");

  it("differs with who said it", () => {
    expect(offered([question, answer], question, IDLE)).toEqual(["edit", "delete"]);
    expect(offered([question, answer], answer, IDLE)).toEqual([
      "say-again",
      "answer-anew",
      "delete",
    ]);
  });

  it("is to try again what was not answered, once nothing is being answered", () => {
    expect(offered([question], question, IDLE)).toContain("answer-anew");
    expect(offered([question], question, { ...IDLE, isIdle: false })).not.toContain("answer-anew");
  });

  it("is to go on with the last answer, if it was cut off", () => {
    const cut = said("ai", "a", { cut: true });
    expect(offered([question, cut], cut, IDLE)).toContain("go-on");
    expect(offered([question, cut, said("human", "r")], cut, IDLE)).not.toContain("go-on");
  });

  it("stands at the end of an answer that a tool has parted", () => {
    const first = said("ai", "a");
    const last = said("ai", "a");
    const entries = [question, first, TOOL, last];
    expect(offered(entries, first, IDLE)).toEqual([]);
    expect(offered(entries, last, IDLE)).toContain("answer-anew");
  });

  it.each([
    ["has no name yet", said("ai", ""), IDLE],
    ["is not stored yet", said("ai", "a", { isProvisional: true }), IDLE],
    ["is growing", said("ai", "a", { growing: true }), IDLE],
    ["is of a group", answer, { ...IDLE, isShared: true }],
    ["is of another person", said("human", "o", { speaker: "Ann" }), IDLE],
    ["is of a viewer", said("viewer", "v"), IDLE],
    ["is the person's, and remembered elsewhere", question, { ...IDLE, rewrites: false }],
  ])("is nothing where it %s", (_, message, circumstances) => {
    expect(offered([message], message, circumstances)).toEqual([]);
  });

  it("is to say it again where it is remembered elsewhere", () => {
    expect(offered([question, answer], answer, { ...IDLE, rewrites: false })).toEqual([
      "say-again",
    ]);
  });

  it("is not to answer anew what nobody asked", () => {
    const remark = said("ai", "b");
    expect(offered([question, answer, remark], remark, IDLE)).toEqual(["say-again", "delete"]);
    expect(questionOf([question, answer, remark], remark)).toBeUndefined();
    expect(questionOf([question, TOOL, answer], answer)).toBe(question);
  });
});

describe("a list", () => {
  const question = said("human", "q");
  const first = said("ai", "a");
  const last = said("ai", "a");
  const entries = [question, TOOL, first, TOOL, last, said("human", "r")];

  it("is cut before a message, with the tools that led to it", () => {
    expect(before(entries, "a")).toEqual([question]);
    expect(before(entries, "unknown")).toEqual(entries);
  });

  it("is cut behind a message", () => {
    expect(upTo(entries, "a")).toEqual(entries.slice(0, 5));
    expect(upTo(entries, "unknown")).toEqual(entries);
  });

  it("has the parts of a message and its tools", () => {
    expect(partsOf(entries, "a")).toEqual(entries.slice(1, 5));
    expect(partsOf(entries, "")).toEqual([]);
  });
});

it("steps from version to version", () => {
  const versions = ["a", "b", "c"];
  expect(place({ serverId: "b", versions })).toEqual({ number: 2, before: "a", after: "c" });
  expect(place({ serverId: "a", versions })).toEqual({ number: 1, before: undefined, after: "b" });
  expect(place({ serverId: "x", versions }).number).toBe(0);
});

it("compares words, however they are parted", () => {
  expect(sameWords("One. Two.", "One.Two.\n")).toBe(true);
  expect(sameWords("One.", "Two.")).toBe(false);
});
