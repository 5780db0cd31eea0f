import { expect, test } from "vitest";

import { calledBy, given, kept } from "./human_name";

test("the file's word for nobody is shown as nothing, and comes back when nothing is written", () => {
  expect(given("Human")).toBe("");
  expect(given("Ada")).toBe("Ada");
  expect(kept("", "Human")).toBe("Human");
  expect(kept(" ", "Ada")).toBe("Human");
  expect(kept("", "")).toBe("");
  expect(kept("Bo", "Human")).toBe("Bo");
});

test("who told a name is called so, else as the file says, else by a word for one", () => {
  expect(calledBy("Bo", "Ada", "my friend")).toBe("Ada");
  expect(calledBy("Bo", "", "my friend")).toBe("Bo");
  expect(calledBy("Human", "", "my friend")).toBe("my friend");
});
