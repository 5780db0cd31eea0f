/** Binary frames of speech, byte for byte as docs/protocol.md shows them. */

import { expect, test } from "vitest";

import { readSpeechFrame } from "./speech_frame";

function bytes(text: string): ArrayBuffer {
  return Uint8Array.from(text.split(" "), (byte) => parseInt(byte, 16)).buffer;
}

test("a part of a line, and its end", () => {
  expect(readSpeechFrame(bytes("01 00 00 00 07 00 00 00 c0 5d 00 00 e8 03 18 fc"))).toEqual({
    segment: 7,
    isLast: false,
    rate: 24_000,
    samples: Float32Array.of(1000 / 32768, -1000 / 32768),
  });
  expect(readSpeechFrame(bytes("01 01 00 00 07 00 00 00 c0 5d 00 00"))).toEqual({
    segment: 7,
    isLast: true,
    rate: 24_000,
    samples: new Float32Array(),
  });
});

test("what is of another kind, or is none, is no speech", () => {
  expect(readSpeechFrame(bytes("02 00 00 00 07 00 00 00 c0 5d 00 00"))).toBeNull();
  expect(readSpeechFrame(bytes("01 00"))).toBeNull();
});
