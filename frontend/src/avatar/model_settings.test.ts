/** Files of models as people have them. */

import { afterEach, expect, test, vi } from "vitest";

import { loadModelSettings, modelSettings } from "./model_settings";

const URL = "https://a.example/live2d-models/cat/cat.model3.json";

function files(references: Record<string, unknown>): unknown {
  return modelSettings({ Version: 3, FileReferences: { Moc: "a.moc3", ...references } }, URL)
    .FileReferences;
}

test("what is written well stays as it is", () => {
  const references = {
    Moc: "a.moc3",
    Textures: ["a.png"],
    Expressions: [{ Name: "joy", File: "joy.exp3.json" }],
    Motions: { "": [{ File: "a.motion3.json", FadeInTime: 1 }] },
  };
  const model = { Version: 3, FileReferences: references, Groups: [{ Name: "LipSync" }] };
  expect(modelSettings(model, URL)).toEqual({ ...model, url: URL });
});

test("sections that are null are none", () => {
  expect(files({ Expressions: null, Motions: null, Physics: null })).toEqual({
    Moc: "a.moc3",
    Motions: {},
  });
});

test("an expression without a name or a file keeps its place", () => {
  const Expressions = [{ File: "a.exp3.json" }, null, { Name: "joy", File: "joy.exp3.json" }];
  expect(files({ Expressions })).toMatchObject({
    Expressions: [
      { Name: "expression 0", File: "a.exp3.json" },
      { Name: "expression 1", File: "none.exp3.json" },
      { Name: "joy", File: "joy.exp3.json" },
    ],
  });
});

test("a motion without a file is left out", () => {
  expect(files({ Motions: { Tap: [{}, { File: "a.motion3.json" }], Bad: null } })).toMatchObject({
    Motions: { Tap: [{ File: "a.motion3.json" }], Bad: [] },
  });
});

test("a model of Cubism 2 is named", () => {
  expect(() => modelSettings({ model: "cat.moc", textures: ["a.png"] }, URL)).toThrow("Cubism 2");
});

test("what is no model is an error", () => {
  expect(() => modelSettings([], URL)).toThrow("names no Moc");
});

afterEach(() => {
  vi.unstubAllGlobals();
});

test.each([
  ["none.model3.json", 404, "there is no /live2d-models/none.model3.json"],
  ["my%20cat.model3.json", 404, "there is no /live2d-models/my cat.model3.json"],
  ["100%/x.model3.json", 404, "there is no /live2d-models/100%/x.model3.json"],
  ["cat.model3.json", 500, "/live2d-models/cat.model3.json could not be fetched (500)"],
])("%s that answers %i is told in words", async (file, status, told) => {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("", { status })));
  const address = `https://a.example/live2d-models/${file}`;
  await expect(loadModelSettings(address)).rejects.toThrow(
    `The Live2D model could not be shown: ${told}`,
  );
});
