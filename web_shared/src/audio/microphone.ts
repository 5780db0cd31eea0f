/** The microphone as frames of 512 samples: 16-bit PCM, 16 kHz, mono, 32 ms each. */

import { Capture } from "./capture";

export const RATE = 16_000;
const FRAME = 512;
const QUIETEST_DB = -60;

/** Why the microphone cannot be had; each page has the words. */
export type MicrophoneProblem = "insecure" | "blocked" | "missing" | "busy" | "failed" | "gone";

export class MicrophoneError extends Error {
  constructor(
    readonly problem: MicrophoneProblem,
    /** What the browser says about it. */
    readonly detail = "",
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
  #capture: Capture | undefined;
  #isSilent = false;

  private constructor(stream: MediaStream, listener: MicrophoneListener) {
    this.#stream = stream;
    this.#listener = listener;
  }

  /** Ask for it and begin. Throws MicrophoneError. */
  static async open(options: MicrophoneOptions, listener: MicrophoneListener): Promise<Microphone> {
    const stream = await askForMicrophone({
      ...(options.device && { deviceId: { exact: options.device } }),
      echoCancellation: options.echoCancellation,
      noiseSuppression: options.noiseSuppression,
      autoGainControl: true,
    });
    const microphone = new Microphone(stream, listener);
    try {
      await microphone.#begin();
      // An end that came before anybody listened for it is not told again.
      if (microphone.#tracks.some(({ readyState }) => readyState === "ended")) {
        throw new MicrophoneError("gone");
      }
      microphone.#follow();
      return microphone;
    } catch (error) {
      microphone.close();
      throw problemOf(error);
    }
  }

  close(): void {
    this.#open.abort();
    for (const track of this.#stream.getTracks()) track.stop();
    void this.#capture?.close();
    this.#capture = undefined;
  }

  get #tracks(): MediaStreamTrack[] {
    return this.#stream.getAudioTracks();
  }

  async #begin(): Promise<void> {
    const form = { rate: RATE, frame: FRAME, samples: "pcm16" } as const;
    this.#capture = await Capture.open(this.#stream, form, (frame) => {
      this.#listener.frame(frame, level(new Int16Array(frame)));
    });
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
    this.#capture?.follow(judge, signal);
    document.addEventListener("visibilitychange", () => this.#wake(), { signal });
    judge();
  }

  #judge(): void {
    const isSilent = !this.#capture?.isRunning || this.#tracks.some(({ muted }) => muted);
    if (isSilent !== this.#isSilent) this.#listener.silent((this.#isSilent = isSilent));
  }

  #wake(): void {
    if (document.visibilityState === "hidden" || this.#capture?.isRunning) return;
    this.#capture?.resume().catch((error: unknown) => {
      console.warn("The microphone stays silent.", error);
    });
  }
}

/** Ask the browser, and it the person, for a microphone. Throws MicrophoneError. */
export async function askForMicrophone(
  constraints: MediaTrackConstraints | true,
): Promise<MediaStream> {
  if (!navigator.mediaDevices) throw new MicrophoneError("insecure");
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: constraints });
  } catch (error) {
    throw problemOf(error);
  }
}

/** Return what a browser throws as a MicrophoneError; what is no error stays as it is. */
function problemOf(error: unknown): unknown {
  if (error instanceof MicrophoneError || !(error instanceof Error)) return error;
  return new MicrophoneError(PROBLEMS[error.name] ?? "failed", error.message);
}

/** Return how loud a frame is on a scale of decibels, 0 to 1. */
function level(frame: Int16Array): number {
  const power = frame.reduce((sum, sample) => sum + sample * sample, 0) / frame.length;
  const decibels = 10 * Math.log10(Math.max(power, 1) / 32768 ** 2);
  return Math.max(0, 1 - decibels / QUIETEST_DB);
}
