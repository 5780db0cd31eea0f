/** Runs in the audio thread: cuts the microphone into frames of 16-bit samples. */

import { Resampler } from "./resampler";

// TypeScript's library does not describe the scope of worklets.
declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new (options: Options) => object): void;

interface Options {
  processorOptions: { rate: number };
}

const FRAME = 512;

class Capture extends AudioWorkletProcessor {
  #frame = new Int16Array(FRAME);
  #filled = 0;
  readonly #resampler: Resampler | undefined;

  constructor({ processorOptions: { rate } }: Options) {
    super();
    this.#resampler = rate === sampleRate ? undefined : new Resampler(sampleRate, rate);
  }

  process(inputs: Float32Array[][]): boolean {
    const samples = inputs[0]?.[0];
    if (samples) for (const sample of this.#resampler?.feed(samples) ?? samples) this.#take(sample);
    return true;
  }

  #take(sample: number): void {
    this.#frame[this.#filled++] = Math.max(-1, Math.min(1, sample)) * 32767;
    if (this.#filled < FRAME) return;
    this.port.postMessage(this.#frame.buffer, [this.#frame.buffer]);
    this.#frame = new Int16Array(FRAME);
    this.#filled = 0;
  }
}

registerProcessor("capture", Capture);
