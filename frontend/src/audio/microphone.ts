/** The microphone as frames of 512 samples: 16-bit PCM, 16 kHz, mono, 32 ms each. */

import worklet from "./capture.worklet.ts?worker&url";

export const RATE = 16_000;
const QUIETEST_DB = -60;

/** Why the microphone cannot be had; the page has the words for each. */
export type MicrophoneProblem = "insecure" | "blocked" | "missing" | "busy" | "failed";

export class MicrophoneError extends Error {
  constructor(
    readonly problem: MicrophoneProblem,
    detail = "",
  ) {
    super(detail || problem);
  }
}

const PROBLEMS: Record<string, MicrophoneProblem> = {
  NotAllowedError: "blocked",
  SecurityError: "blocked",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
};

export interface MicrophoneOptions {
  /** A device id; "" is the system's default. */
  device: string;
  echoCancellation: boolean;
  noiseSuppression: boolean;
}

export class Microphone {
  #stream: MediaStream | undefined;
  #context: AudioContext | undefined;
  readonly #onFrame: (frame: ArrayBuffer, level: number) => void;
  readonly #onEnd: () => void;

  /**
   * @param onFrame told each frame, and how loud it is, 0 to 1
   * @param onEnd called when the device is gone: unplugged, or no longer allowed
   */
  constructor(onFrame: (frame: ArrayBuffer, level: number) => void, onEnd: () => void) {
    this.#onFrame = onFrame;
    this.#onEnd = onEnd;
  }

  /** Ask for it and begin. Throws MicrophoneError. */
  async start(options: MicrophoneOptions): Promise<void> {
    if (!navigator.mediaDevices) throw new MicrophoneError("insecure");
    this.stop();
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: {
          ...(options.device && { deviceId: { exact: options.device } }),
          echoCancellation: options.echoCancellation,
          noiseSuppression: options.noiseSuppression,
          autoGainControl: true,
        },
      });
      this.#stream = stream;
      for (const track of stream.getAudioTracks()) {
        track.onended = () => {
          this.stop();
          this.#onEnd();
        };
      }
      await this.#capture(stream);
    } catch (error) {
      this.stop();
      if (!(error instanceof Error)) throw error;
      throw new MicrophoneError(PROBLEMS[error.name] ?? "failed", error.message);
    }
  }

  stop(): void {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    void this.#context?.close();
    this.#stream = this.#context = undefined;
  }

  async #capture(stream: MediaStream): Promise<void> {
    const [context, source] = open(stream);
    this.#context = context;
    await context.audioWorklet.addModule(worklet);
    const capture = new AudioWorkletNode(context, "capture", {
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: "explicit",
      processorOptions: { rate: RATE },
    });
    capture.port.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      if (this.#stream === stream) this.#onFrame(data, level(new Int16Array(data)));
    };
    source.connect(capture);
    await context.resume();
  }
}

function open(stream: MediaStream): [AudioContext, MediaStreamAudioSourceNode] {
  const context = new AudioContext({ sampleRate: RATE });
  try {
    return [context, context.createMediaStreamSource(stream)];
  } catch {
    // Some browsers do not convert a microphone's rate: then the worklet does.
    void context.close();
    const native = new AudioContext();
    return [native, native.createMediaStreamSource(stream)];
  }
}

/** Return how loud a frame is on a scale of decibels, 0 to 1. */
function level(frame: Int16Array): number {
  const power = frame.reduce((sum, sample) => sum + sample * sample, 0) / frame.length;
  const decibels = 10 * Math.log10(Math.max(power, 1) / 32768 ** 2);
  return Math.max(0, 1 - decibels / QUIETEST_DB);
}
