/** Any sound the browser can read, made what the server hears: 16 kHz, mono, 16 bit, WAV. */

import { Failure } from "../failure";
import type { Shaped, Shapeless } from "./shaping";

export const HEARD_RATE = 16_000;

export interface Sound {
  wav: Blob;
  /** Largest swing of each part, 0..1. */
  peaks: Float32Array;
  length_s: number;
}

/** Returns the sound in a file of any form. Throws Failure: undecodable, empty, unreachable. */
export async function prepareFile(file: Blob): Promise<Sound> {
  let bytes: ArrayBuffer;
  try {
    bytes = await file.arrayBuffer();
  } catch (error) {
    throw new Failure("undecodable", error instanceof Error ? error.message : "");
  }
  if (!bytes.byteLength) throw new Failure("empty");
  return prepareBytes(bytes);
}

/** Returns recorded samples of any rate as a sound. Throws Failure: empty, unreachable. */
export async function prepareSamples(
  samples: Float32Array<ArrayBuffer>,
  rate: number,
): Promise<Sound> {
  if (!samples.length) throw new Failure("empty");
  return prepareBytes((await shape({ channels: [samples], rate })).wav);
}

async function prepareBytes(bytes: ArrayBuffer): Promise<Sound> {
  // Decoding for a context of this rate resamples with a proper filter, on a thread of the browser.
  const context = new OfflineAudioContext(1, 1, HEARD_RATE);
  let decoded: AudioBuffer;
  try {
    decoded = await context.decodeAudioData(bytes);
  } catch {
    throw new Failure("undecodable"); // the browser says no more than that
  }
  if (!decoded.length) throw new Failure("empty");
  const channels = Array.from({ length: decoded.numberOfChannels }, (_, at) =>
    decoded.getChannelData(at).slice(),
  );
  const { wav, peaks } = await shape({ channels, rate: HEARD_RATE });
  return { wav: new Blob([wav], { type: "audio/wav" }), peaks, length_s: decoded.duration };
}

function shape(samples: Shapeless): Promise<Shaped> {
  const worker = new Worker(new URL("./shape.worker.ts", import.meta.url), { type: "module" });
  return new Promise<Shaped>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Shaped>) => resolve(data);
    // Only an error of the script itself has a message; else the browser could not fetch it.
    worker.onerror = ({ message }) =>
      reject(message ? new Error(message) : new Failure("unreachable"));
    const transfer = samples.channels.map((channel) => channel.buffer);
    worker.postMessage(samples, transfer);
  }).finally(() => worker.terminate());
}
