/** Each kind of engine that the server knows has a name of its own while it is getting ready. */

import kinds from "../../../src/open_llm_vtuber/engines/kinds.py?raw";
import { expect, test } from "vitest";

import { conversation as en } from "./en/conversation";
import { conversation as zh } from "./zh/conversation";

const KINDS = [...kinds.matchAll(/^ {8}name="(\w+)"/gm)].map(([, kind = ""]) => kind);

test("the kinds are those of the server", () => {
  expect(KINDS).toContain("llm");
  expect(KINDS.length).toBeGreaterThan(5);
});

test.each(KINDS)("%s has a name in each language", (kind) => {
  const [english, chinese] = [en, zh].map(
    ({ loading }) => (loading.engines as Readonly<Record<string, string>>)[kind],
  );
  expect(english).toMatch(/^[A-Z]/);
  expect(chinese).toMatch(/^\p{Script=Han}+$/u);
});
