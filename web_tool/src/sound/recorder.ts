/** Records the microphone without loss, at the rate of the device. */

import { Capture } from "@open-llm-vtuber/shared/audio/capture";
import {
  askForMicrophone,
  MicrophoneError,
  type MicrophoneProblem,
} from "@open-llm-vtuber/shared/audio/microphone";

import { Failure, type Trouble } from "../failure";

export interface Recording {
  samples: Float32Array<ArrayBuffer>;
  rate: number;
}

export interface Listener {
  /** Called for each block of some 43 ms with its largest swing and with the length so far. */
  level: (peak: number, length_s: number) => void;
  /** The microphone has gone. */
  gone: () => void;
}

/** Some 43 ms at 48 kHz. */
const BLOCK = 2048;

const TROUBLES: Record<MicrophoneProblem, Trouble> = {
  insecure: "insecure",
  blocked: "denied",
  missing: "noMicrophone",
  busy: "microphoneBusy",
  failed: "denied",
  gone: "noMicrophone",
};

export class Recorder {
  readonly #stream: MediaStream;
  readonly #listener: Listener;
  #capture: Capture | undefined;
  #blocks: Float32Array<ArrayBuffer>[] = [];
  #length = 0;

  private constructor(stream: MediaStream, listener: Listener) {
    this.#stream = stream;
    this.#listener = listener;
  }

  /** Asks for the microphone and begins. Throws Failure. */
  static async start(listener: Listener): Promise<Recorder> {
    let recorder: Recorder | undefined;
    try {
      recorder = new Recorder(await askForMicrophone(true), listener);
      await recorder.#begin();
      return recorder;
    } catch (error) {
      await recorder?.discard();
      throw failureOf(error);
    }
  }

  /** Ends the recording and returns it. */
  async stop(): Promise<Recording> {
    const rate = this.#capture?.deviceRate ?? 0;
    await this.#capture?.flush();
    await this.discard();
    const samples = new Float32Array(this.#length);
    let at = 0;
    for (const block of this.#blocks) {
      samples.set(block, at);
      at += block.length;
    }
    return { samples, rate };
  }

  /** Ends the recording and lets go of the microphone. */
  async discard(): Promise<void> {
    for (const track of this.#stream.getTracks()) {
      track.onended = null;
      track.stop();
    }
    await this.#capture?.close();
    this.#capture = undefined;
  }

  async #begin(): Promise<void> {
    const form = { rate: null, frame: BLOCK, samples: "float32" } as const;
    this.#capture = await Capture.open(this.#stream, form, (frame) => this.#take(frame));
    for (const track of this.#stream.getTracks()) track.onended = this.#listener.gone;
  }

  #take(frame: ArrayBuffer): void {
    const block = new Float32Array(frame);
    this.#blocks.push(block);
    this.#length += block.length;
    const peak = block.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    this.#listener.level(peak, this.#length / (this.#capture?.deviceRate ?? Infinity));
  }
}

/** Returns what went wrong as the person is told it; a fault of the page's stays as it is. */
function failureOf(error: unknown): unknown {
  if (error instanceof MicrophoneError) return new Failure(TROUBLES[error.problem], error.detail);
  // The script of the audio thread could not be fetched.
  if (error instanceof DOMException && error.name === "AbortError")
    return new Failure("unreachable");
  return error;
}
