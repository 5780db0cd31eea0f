/** The microphone as frames of 512 samples: 16-bit PCM, 16 kHz, mono, 32 ms each. */

import worklet from "./capture.worklet.ts?worker&url";

export const RATE = 16_000;
const QUIETEST_DB = -60;
/** So long a context may take to begin. */
const RESUME_MS = 1000;

/** Why the microphone cannot be had; the page has the words for each. */
export type MicrophoneProblem = "insecure" | "blocked" | "missing" | "busy" | "failed" | "gone";

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

/** What an open microphone tells. */
export interface MicrophoneListener {
  /** The next frame, and how loud it is, 0 to 1. */
  frame: (frame: ArrayBuffer, level: number) => void;
  /** Nothing can be heard for now: it is muted, or held up by a telephone call. Or it can again. */
  silent: (isSilent: boolean) => void;
  /** The device is gone: unplugged, or no longer allowed. It is closed. */
  gone: () => void;
}

/** Open from `open` until `close`. */
export class Microphone {
  readonly #stream: MediaStream;
  readonly #listener: MicrophoneListener;
  readonly #open = new AbortController();
  #context: AudioContext | undefined;
  #isSilent = false;

  private constructor(stream: MediaStream, listener: MicrophoneListener) {
    this.#stream = stream;
    this.#listener = listener;
  }

  /** Ask for it and begin. Throws MicrophoneError. */
  static async open(options: MicrophoneOptions, listener: MicrophoneListener): Promise<Microphone> {
    if (!navigator.mediaDevices) throw new MicrophoneError("insecure");
    let microphone: Microphone | undefined;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: {
          ...(options.device && { deviceId: { exact: options.device } }),
          echoCancellation: options.echoCancellation,
          noiseSuppression: options.noiseSuppression,
          autoGainControl: true,
        },
      });
      microphone = new Microphone(stream, listener);
      await microphone.#capture();
      // An end that came before anybody listened for it is not told again.
      if (microphone.#tracks.some(({ readyState }) => readyState === "ended")) {
        throw new MicrophoneError("gone");
      }
      microphone.#follow();
      return microphone;
    } catch (error) {
      microphone?.close();
      if (error instanceof MicrophoneError || !(error instanceof Error)) throw error;
      throw new MicrophoneError(PROBLEMS[error.name] ?? "failed", error.message);
    }
  }

  close(): void {
    this.#open.abort();
    for (const track of this.#stream.getTracks()) track.stop();
    void this.#context?.close();
    this.#context = undefined;
  }

  get #tracks(): MediaStreamTrack[] {
    return this.#stream.getAudioTracks();
  }

  async #capture(): Promise<void> {
    const [context, source] = open(this.#stream);
    this.#context = context;
    await context.audioWorklet.addModule(worklet);
    const capture = new AudioWorkletNode(context, "capture", {
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: "explicit",
      processorOptions: { rate: RATE },
    });
    capture.port.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      if (this.#open.signal.aborted) return;
      this.#listener.frame(data, level(new Int16Array(data)));
    };
    source.connect(capture);
    // A context that is held up does not answer; then it is silent, which is told.
    await Promise.race([context.resume(), new Promise((late) => setTimeout(late, RESUME_MS))]);
  }

  /** From now on tell of silence and of the end. */
  #follow(): void {
    const { signal } = this.#open;
    const judge = (): void => this.#judge();
    for (const track of this.#tracks) {
      track.addEventListener("mute", judge, { signal });
      track.addEventListener("unmute", judge, { signal });
      const end = (): void => {
        this.close();
        this.#listener.gone();
      };
      track.addEventListener("ended", end, { signal });
    }
    this.#context?.addEventListener("statechange", judge, { signal });
    document.addEventListener("visibilitychange", () => this.#wake(), { signal });
    judge();
  }

  #judge(): void {
    const isSilent = this.#context?.state !== "running" || this.#tracks.some(({ muted }) => muted);
    if (isSilent !== this.#isSilent) this.#listener.silent((this.#isSilent = isSilent));
  }

  #wake(): void {
    if (document.visibilityState === "hidden" || this.#context?.state === "running") return;
    this.#context?.resume().catch((error: unknown) => {
      console.warn("The microphone stays silent.", error);
    });
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
