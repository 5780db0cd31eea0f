/** Records the microphone without loss, at the rate of the device. */

import { Failure } from "../failure";
import tap from "./tap.worklet?worker&url";

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

/** So long the last block may take to come. */
const FLUSH_MS = 500;

export class Recorder {
  #blocks: Float32Array<ArrayBuffer>[] = [];
  #length = 0;
  #flushed: (() => void) | undefined;

  private constructor(
    private readonly stream: MediaStream,
    private readonly context: AudioContext,
    private readonly node: AudioWorkletNode,
    listener: Listener,
  ) {
    node.port.onmessage = ({ data }: MessageEvent<Float32Array<ArrayBuffer> | null>) => {
      if (!data) {
        this.#flushed?.();
        return;
      }
      this.#blocks.push(data);
      this.#length += data.length;
      const peak = data.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      listener.level(peak, this.#length / context.sampleRate);
    };
    for (const track of stream.getTracks()) track.onended = listener.gone;
    context.createMediaStreamSource(stream).connect(node);
  }

  /** Asks for the microphone and begins. Throws Failure. */
  static async start(listener: Listener): Promise<Recorder> {
    const stream = await microphone();
    const context = new AudioContext();
    try {
      void context.resume(); // it sleeps if the person took long to allow the microphone
      await context.audioWorklet.addModule(tap).catch(() => {
        throw new Failure("unreachable");
      });
      const node = new AudioWorkletNode(context, "tap", {
        numberOfOutputs: 0,
        channelCount: 1,
        channelCountMode: "explicit",
      });
      return new Recorder(stream, context, node, listener);
    } catch (error) {
      for (const track of stream.getTracks()) track.stop();
      await context.close();
      throw error;
    }
  }

  /** Ends the recording and returns it. */
  async stop(): Promise<Recording> {
    await new Promise<void>((resolve) => {
      this.#flushed = resolve;
      this.node.port.postMessage("end");
      setTimeout(resolve, FLUSH_MS); // one that is held up, as by a telephone call, never answers
    });
    await this.discard();
    const samples = new Float32Array(this.#length);
    let at = 0;
    for (const block of this.#blocks) {
      samples.set(block, at);
      at += block.length;
    }
    return { samples, rate: this.context.sampleRate };
  }

  /** Ends the recording and lets go of the microphone. */
  async discard(): Promise<void> {
    for (const track of this.stream.getTracks()) {
      track.onended = null;
      track.stop();
    }
    this.node.disconnect();
    await this.context.close();
  }
}

async function microphone(): Promise<MediaStream> {
  if (!isSecureContext) throw new Failure("insecure"); // then there are no mediaDevices at all
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    const detail = error.message;
    if (error.name === "NotFoundError") throw new Failure("noMicrophone", detail);
    if (error.name === "NotReadableError") throw new Failure("microphoneBusy", detail);
    throw new Failure("denied", detail);
  }
}
