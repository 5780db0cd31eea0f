/** WAV files: RIFF, a `fmt ` chunk and a `data` chunk (Microsoft, "Multimedia Programming Interface
 * and Data Specifications 1.0", 1991). */

const HEADER_BYTES = 44;

export interface Wav {
  /** The body of the `fmt ` chunk as it is. */
  format: Uint8Array;
  /** The body of the `data` chunk as it is. */
  data: Uint8Array;
  bytesPerSecond: number;
}

/** Returns mono samples in -1..1 as a 16-bit PCM file; what is outside is clipped. */
export function encodeWav(samples: Float32Array, rate: number): ArrayBuffer {
  const format = new DataView(new ArrayBuffer(16));
  format.setUint16(0, 1, true); // PCM
  format.setUint16(2, 1, true); // channels
  format.setUint32(4, rate, true);
  format.setUint32(8, rate * 2, true); // bytes per second
  format.setUint16(12, 2, true); // bytes per sample of all channels
  format.setUint16(14, 16, true); // bits
  const data = new DataView(new ArrayBuffer(samples.length * 2));
  samples.forEach((sample, at) => {
    data.setInt16(at * 2, Math.round(Math.max(-1, Math.min(1, sample)) * 32767), true);
  });
  return written(new Uint8Array(format.buffer), [new Uint8Array(data.buffer)]);
}

/** Returns the parts of a WAV file. Throws RangeError if it is none. */
export function parseWav(file: ArrayBuffer): Wav {
  const view = new DataView(file);
  if (file.byteLength < HEADER_BYTES || tag(view, 0) !== "RIFF" || tag(view, 8) !== "WAVE")
    throw new RangeError("This is not a WAV file.");
  let format: Uint8Array | undefined;
  for (let at = 12; at + 8 <= file.byteLength;) {
    const size = Math.min(view.getUint32(at + 4, true), file.byteLength - at - 8);
    const body = new Uint8Array(file, at + 8, size);
    if (tag(view, at) === "fmt ") format = body;
    if (tag(view, at) === "data" && format)
      return { format, data: body, bytesPerSecond: view.getUint32(format.byteOffset + 8, true) };
    at += 8 + size + (size % 2); // chunks begin at even bytes
  }
  throw new RangeError("The WAV file holds no sound.");
}

/** Returns the sounds of several WAV files in one. Throws RangeError if their formats differ. */
export function joinWavs(files: ArrayBuffer[]): ArrayBuffer {
  const wavs = files.map(parseWav);
  const [first] = wavs;
  if (!first) throw new RangeError("There is nothing to join.");
  const same = (wav: Wav) => wav.format.every((byte, at) => byte === first.format[at]);
  if (!wavs.every(same)) throw new RangeError("The sounds differ in rate or form.");
  return written(
    first.format,
    wavs.map((wav) => wav.data),
  );
}

function written(format: Uint8Array, parts: Uint8Array[]): ArrayBuffer {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const start = 28 + format.length;
  const file = new Uint8Array(start + size);
  const view = new DataView(file.buffer);
  const name = (at: number, text: string) => file.set(new TextEncoder().encode(text), at);
  name(0, "RIFF");
  view.setUint32(4, file.length - 8, true);
  name(8, "WAVEfmt ");
  view.setUint32(16, format.length, true);
  file.set(format, 20);
  name(20 + format.length, "data");
  view.setUint32(24 + format.length, size, true);
  let at = start;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file.buffer;
}

function tag(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((offset) => view.getUint8(at + offset)));
}
