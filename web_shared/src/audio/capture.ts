/** What a microphone hears, in frames. */

import worklet from "./capture.worklet.ts?worker&url";
import type { Form } from "./capture_form";

/** So long a context may take to begin. */
const RESUME_MS = 1000;
/** So long the last frame may take to come. */
const FLUSH_MS = 500;

/** Open from `open` until `close`. The stream stays its owner's. */
export class Capture {
  readonly #context: AudioContext;
  readonly #node: AudioWorkletNode;
  #flushed = (): void => {};

  private constructor(context: AudioContext, node: AudioWorkletNode) {
    this.#context = context;
    this.#node = node;
  }

  /**
   * Begin. Rejects as the browser does: with AbortError where its script could not be fetched.
   *
   * @param take is given each frame as it comes
   */
  static async open(
    stream: MediaStream,
    form: Form,
    take: (frame: ArrayBuffer) => void,
  ): Promise<Capture> {
    const [context, source] = sourceOf(stream, form.rate);
    try {
      await context.audioWorklet.addModule(worklet);
      const node = new AudioWorkletNode(context, "capture", {
        numberOfOutputs: 0,
        channelCount: 1,
        channelCountMode: "explicit",
        processorOptions: form,
      });
      const capture = new Capture(context, node);
      node.port.onmessage = ({ data }: MessageEvent<ArrayBuffer | null>) => {
        if (data) take(data);
        else capture.#flushed();
      };
      source.connect(node);
      // A context that is held up does not answer; then it is silent.
      await Promise.race([context.resume(), new Promise((late) => setTimeout(late, RESUME_MS))]);
      return capture;
    } catch (error) {
      void context.close();
      throw error;
    }
  }

  /** Samples per second of the device. */
  get deviceRate(): number {
    return this.#context.sampleRate;
  }

  /** Whether sound comes: it does not during a telephone call. */
  get isRunning(): boolean {
    return this.#context.state === "running";
  }

  /** Have `changed` called whenever `isRunning` may have changed. */
  follow(changed: () => void, signal: AbortSignal): void {
    this.#context.addEventListener("statechange", changed, { signal });
  }

  /** Try to go on. Rejects if the browser does not allow it. */
  async resume(): Promise<void> {
    await this.#context.resume();
  }

  /** Have what is left of a frame taken. */
  async flush(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#flushed = resolve;
      this.#node.port.postMessage("flush");
      setTimeout(resolve, FLUSH_MS); // one that is held up never answers
    });
  }

  /** End it; no frame is taken any more. */
  async close(): Promise<void> {
    this.#node.port.onmessage = null;
    await this.#context.close();
  }
}

function sourceOf(
  stream: MediaStream,
  rate: number | null,
): [AudioContext, MediaStreamAudioSourceNode] {
  const context = new AudioContext(rate === null ? {} : { sampleRate: rate });
  try {
    return [context, context.createMediaStreamSource(stream)];
  } catch {
    // Some browsers do not convert a microphone's rate: then the worklet does.
    void context.close();
    const native = new AudioContext();
    return [native, native.createMediaStreamSource(stream)];
  }
}
