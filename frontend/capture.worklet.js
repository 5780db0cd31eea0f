// @ts-check
/** Runs in the audio thread: cuts the microphone into frames of 16-bit samples. */

import { Resampler } from "./resampler.js";

const FRAME = 512;

// TypeScript's library does not describe the scope of worklets.
const { AudioWorkletProcessor, registerProcessor, sampleRate } = /** @type {any} */ (globalThis);

class Capture extends AudioWorkletProcessor {
  #frame = new Int16Array(FRAME);
  #filled = 0;
  #resampler;

  /** @param {{ processorOptions: { rate: number } }} options */
  constructor({ processorOptions: { rate } }) {
    super();
    this.#resampler = rate === sampleRate ? undefined : new Resampler(sampleRate, rate);
  }

  /** @param {Float32Array[][]} inputs */
  process([[samples]]) {
    if (samples) for (const sample of this.#resampler?.feed(samples) ?? samples) this.#take(sample);
    return true;
  }

  /** @param {number} sample */
  #take(sample) {
    this.#frame[this.#filled++] = Math.max(-1, Math.min(1, sample)) * 32767;
    if (this.#filled < FRAME) return;
    this.port.postMessage(this.#frame.buffer, [this.#frame.buffer]);
    this.#frame = new Int16Array(FRAME);
    this.#filled = 0;
  }
}

registerProcessor("capture", Capture);
