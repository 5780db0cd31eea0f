/** Entries of model_dict.json as people write them. */

import { expect, test } from "vitest";

import { understood, type ModelInfo } from "./model_info";

/** Return what is understood of an entry, without what is undefined. */
function of(entry: unknown): unknown {
  return JSON.parse(JSON.stringify(understood(entry as ModelInfo)));
}

const NOTHING = { url: "", tapMotions: {}, pointerInteractive: true, scrollToResize: true };

test("an entry as documented comes through", () => {
  const entry = {
    name: "wren",
    url: "/live2d-models/wren/wren.model3.json",
    kScale: 0.5,
    initialXshift: 10,
    idleMotionGroupName: "",
    emotionMap: { joy: 1 },
    defaultEmotion: "joy",
    tapMotions: { Head: { "": 1, Nod: 2 } },
    pointerInteractive: false,
    scrollToResize: true,
  };
  expect(of(entry)).toEqual(entry);
});

test("signs in the names of folders are no part of an address", () => {
  expect(of({ url: "/live2d-models/c# 100%/c%23.model3.json" })).toEqual({
    ...NOTHING,
    url: "/live2d-models/c%23 100%25/c%23.model3.json",
  });
});

test("numbers may be written as texts", () => {
  expect(of({ kScale: "0.3", defaultEmotion: "2", tapMotions: { Head: { Nod: "3" } } })).toEqual({
    ...NOTHING,
    kScale: 0.3,
    defaultEmotion: 2,
    tapMotions: { Head: { Nod: 3 } },
  });
});

test("what is no value is left out", () => {
  const entry = { url: 3, kScale: "big", initialXshift: null, rig: {}, tapMotions: null };
  expect(of(entry)).toEqual(NOTHING);
  expect(of({ tapMotions: { Head: null, Body: { Nod: "often" } } })).toEqual({
    ...NOTHING,
    tapMotions: { Head: {}, Body: { Nod: 0 } },
  });
});
