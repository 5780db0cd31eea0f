/** What the address of an overlay says. */

import { expect, test } from "vitest";

import { overlayMode } from "./overlay_mode";

test.each(["", "?token=overlay", "?overlay=off", "?captions=off"])(
  "%s asks for no overlay",
  (search) => {
    expect(overlayMode(search)).toBeNull();
  },
);

test.each([
  ["?overlay", { character: true, captions: true, sound: true }],
  ["?overlay=1&captions=off", { character: true, captions: false, sound: true }],
  ["?token=a&overlay&sound=OFF", { character: true, captions: true, sound: false }],
  ["?overlay&character=off&captions=on", { character: false, captions: true, sound: true }],
])("%s", (search, mode) => {
  expect(overlayMode(search)).toEqual(mode);
});
