/** Runs in the audio thread: cuts what a microphone hears into frames. */

import type { Form } from "./capture_form";
import { Resampler } from "./resampler";

// TypeScript's library does not describe the scope of worklets.
declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(
  name: string,
  processor: new (options: { processorOptions: Form }) => object,
): void;

class CaptureProcessor extends AudioWorkletProcessor {
  readonly #form: Form;
  readonly #resampler: Resampler | undefined;
  #frame: Int16Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
  #filled = 0;

  constructor({ processorOptions: form }: { processorOptions: Form }) {
    super();
    this.#form = form;
    const { rate } = form;
    this.#resampler =
      rate === null || rate === sampleRate ? undefined : new Resampler(sampleRate, rate);
    this.#frame = this.#empty();
    this.port.onmessage = () => {
      if (this.#filled) this.#send(this.#frame.slice(0, this.#filled));
      this.port.postMessage(null);
    };
  }

  process(inputs: Float32Array[][]): boolean {
    const samples = inputs[0]?.[0];
    if (samples) for (const sample of this.#resampler?.feed(samples) ?? samples) this.#take(sample);
    return true;
  }

  #take(sample: number): void {
    const isPcm = this.#form.samples === "pcm16";
    this.#frame[this.#filled++] = isPcm ? Math.max(-1, Math.min(1, sample)) * 32767 : sample;
    if (this.#filled === this.#form.frame) this.#send(this.#frame);
  }

  #send(frame: Int16Array<ArrayBuffer> | Float32Array<ArrayBuffer>): void {
    this.port.postMessage(frame.buffer, [frame.buffer]);
    this.#frame = this.#empty();
    this.#filled = 0;
  }

  #empty(): Int16Array<ArrayBuffer> | Float32Array<ArrayBuffer> {
    const { samples, frame } = this.#form;
    return samples === "pcm16" ? new Int16Array(frame) : new Float32Array(frame);
  }
}

registerProcessor("capture", CaptureProcessor);
