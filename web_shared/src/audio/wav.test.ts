/** WAV files: what is written can be read, joined, and is as the format wants it. */

import { describe, expect, it } from "vitest";

import { encodeWav, joinWavs, parseWav } from "./wav";

const text = (file: ArrayBuffer, from: number, to: number) =>
  new TextDecoder().decode(file.slice(from, to));

describe("encodeWav", () => {
  it("writes mono 16-bit PCM and clips", () => {
    const file = encodeWav(Float32Array.of(0, 0.5, -1, 2, -2), 16_000);
    const view = new DataView(file);
    expect(text(file, 0, 4)).toBe("RIFF");
    expect(view.getUint32(4, true)).toBe(file.byteLength - 8);
    expect(text(file, 8, 16)).toBe("WAVEfmt ");
    expect(view.getUint16(20, true)).toBe(1); // PCM
    expect(view.getUint16(22, true)).toBe(1); // channels
    expect(view.getUint32(24, true)).toBe(16_000);
    expect(view.getUint32(28, true)).toBe(32_000);
    expect(view.getUint32(40, true)).toBe(10);
    const samples = Array.from({ length: 5 }, (_, at) => view.getInt16(44 + at * 2, true));
    expect(samples).toEqual([0, 16384, -32767, 32767, -32767]);
  });

  it("writes a sound of no length", () => {
    expect(parseWav(encodeWav(new Float32Array(), 8000)).data).toHaveLength(0);
  });
});

describe("parseWav", () => {
  it("skips chunks it does not know, also those of odd length", () => {
    const plain = new Uint8Array(encodeWav(Float32Array.of(0.25, -0.25), 24_000));
    const odd = new TextEncoder().encode("LIST\x03\0\0\0abc\0");
    const file = Uint8Array.of(...plain.slice(0, 36), ...odd, ...plain.slice(36));
    expect([...parseWav(file.buffer).data]).toEqual([...plain.slice(44)]);
  });

  it("takes what there is of a file that was cut off", () => {
    const file = encodeWav(new Float32Array(100), 16_000).slice(0, 44 + 50);
    expect(parseWav(file).data).toHaveLength(50);
  });

  it.each([new ArrayBuffer(0), new TextEncoder().encode("no sound".repeat(9)).buffer])(
    "refuses what is no WAV file",
    (file) => {
      expect(() => parseWav(file)).toThrow(RangeError);
    },
  );
});

describe("joinWavs", () => {
  it("puts the sounds one after the other", () => {
    const first = Float32Array.of(0.1, 0.2);
    const second = Float32Array.of(-0.3);
    const joined = joinWavs([encodeWav(first, 24_000), encodeWav(second, 24_000)]);
    const whole = encodeWav(Float32Array.of(...first, ...second), 24_000);
    expect(new Uint8Array(joined)).toEqual(new Uint8Array(whole));
  });

  it("refuses sounds of different rates, and nothing", () => {
    const sound = new Float32Array(4);
    const files = [encodeWav(sound, 16_000), encodeWav(sound, 24_000)];
    expect(() => joinWavs(files)).toThrow(RangeError);
    expect(() => joinWavs([])).toThrow(RangeError);
  });
});
