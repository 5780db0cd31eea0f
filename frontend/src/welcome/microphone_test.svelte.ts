/** The microphone tried: its level, what is understood of it, and how much of her voice it hears. */

import {
  Microphone,
  MicrophoneError,
  RATE,
  type MicrophoneOptions,
} from "@open-llm-vtuber/shared/audio/microphone";
import type { SoundOutput } from "@open-llm-vtuber/shared/audio/output";
import { encodeWav } from "@open-llm-vtuber/shared/audio/wav";

import { Recording } from "../audio/recording";
import { ApiError } from "../session/http";
import { transcribe } from "./api";
import { judge, loudnessOf, type Echo } from "./echo";
import { spoken } from "./line";

/** So long somebody may speak. */
const LONGEST_S = 12;
/** So long nobody may say anything. */
const PATIENCE_S = 8;
/** So long the room is listened to before she speaks, and how long after. */
const QUIET_S = 1;
const AFTER_S = 1.3;

export type Stage =
  "idle" | "opening" | "listening" | "understanding" | "preparing" | "quiet" | "speaking";

export class MicrophoneTest {
  stage = $state<Stage>("idle");
  /** How loud the microphone is, 0 to 1. */
  level = $state(0);
  /** What was understood; null before something was said, "" where nothing was understood. */
  words = $state<string | null>(null);
  /** How much of her voice comes back; null before that was found out. */
  echo = $state.raw<Echo | null>(null);
  /** Why the microphone cannot be had. */
  problem = $state.raw<MicrophoneError | null>(null);
  /** Why something else was not done; null where it was. */
  failure = $state.raw<ApiError | null>(null);

  readonly #output: SoundOutput;
  #ended = new AbortController();
  #stop = (): void => {};

  constructor(output: SoundOutput) {
    this.#output = output;
  }

  get isBusy(): boolean {
    return this.stage !== "idle";
  }

  /** Listen until somebody has said something, and find out the words. */
  listen(options: MicrophoneOptions): Promise<void> {
    return this.#run(async (signal) => {
      const recording = await this.#record(options, signal, async (so_far) => {
        this.stage = "listening";
        let isStopped = false;
        this.#stop = () => (isStopped = true);
        const isLate = (): boolean => so_far.length_s >= (so_far.isSpoken ? LONGEST_S : PATIENCE_S);
        await until(() => isStopped || so_far.isDone || isLate(), signal);
      });
      if (!recording.isSpoken) {
        this.words = "";
        return;
      }
      this.stage = "understanding";
      const text = await transcribe(encodeWav(recording.samples(), RATE));
      if (!signal.aborted) this.words = text.trim();
    });
  }

  /** What was said was all. */
  stop(): void {
    this.#stop();
  }

  /** Have her say a line through the loudspeaker, and find out how much of it comes back. */
  checkEcho(options: MicrophoneOptions, line: string): Promise<void> {
    return this.#run(async (signal) => {
      this.stage = "preparing";
      const files = await spoken(line, signal);
      const sounds = await Promise.all(files.map((file) => this.#output.decode(file)));
      const played = sounds.flatMap((one) => loudnessOf(one.getChannelData(0), one.sampleRate));
      let quiet_s = 0;
      const recording = await this.#record(options, signal, async (so_far) => {
        this.stage = "quiet";
        await until(() => so_far.length_s >= QUIET_S, signal);
        quiet_s = so_far.length_s;
        this.stage = "speaking";
        const ends_s = quiet_s + this.#play(sounds, signal) + AFTER_S;
        await until(() => so_far.length_s >= ends_s, signal);
      });
      const samples = recording.samples();
      const split = Math.round(quiet_s * RATE);
      this.echo = judge(
        played,
        loudnessOf(samples.subarray(0, split), RATE),
        loudnessOf(samples.subarray(split), RATE),
      );
    });
  }

  /** Let go of everything. */
  end(): void {
    this.#ended.abort(new DOMException("The test was ended.", "AbortError"));
  }

  /** Play sounds one after the other from now on; return how long they take, in seconds. */
  #play(sounds: readonly AudioBuffer[], signal: AbortSignal): number {
    const fader = this.#output.fader();
    const begin_s = this.#output.now_s + this.#output.lead_s;
    let at_s = begin_s;
    for (const sound of sounds) {
      const source = this.#output.play(sound, at_s, fader);
      signal.addEventListener("abort", () => source.stop());
      at_s += sound.duration;
    }
    return at_s - begin_s;
  }

  /** Return what the microphone heard while `during` lasted. */
  async #record(
    options: MicrophoneOptions,
    signal: AbortSignal,
    during: (so_far: Recording) => Promise<void>,
  ): Promise<Recording> {
    const recording = new Recording(RATE);
    this.stage = "opening";
    let lose: (error: unknown) => void = () => {};
    const lost = new Promise<never>((_, reject) => (lose = reject));
    lost.catch(() => {}); // it may be lost when nobody waits any more
    const microphone = await Microphone.open(options, {
      frame: (frame, level) => {
        recording.add(frame, level);
        this.level = level;
      },
      silent: (isSilent) => {
        if (isSilent) this.level = 0;
      },
      gone: () => lose(new MicrophoneError("gone")),
    });
    try {
      signal.throwIfAborted();
      await Promise.race([during(recording), lost]);
      signal.throwIfAborted();
      return recording;
    } finally {
      microphone.close();
      this.level = 0;
    }
  }

  async #run(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (this.isBusy || this.#ended.signal.aborted) return;
    this.problem = null;
    this.failure = null;
    // What an earlier test found says nothing of this one.
    this.words = null;
    this.echo = null;
    try {
      await work(this.#ended.signal);
    } catch (error) {
      if (error instanceof MicrophoneError) this.problem = error;
      else if (error instanceof ApiError) this.failure = error;
      else if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
    } finally {
      this.stage = "idle";
    }
  }
}

/** Wait until something holds; it is looked at often. Ends early when a signal says so. */
async function until(holds: () => boolean, signal: AbortSignal): Promise<void> {
  while (!holds() && !signal.aborted) await new Promise((later) => setTimeout(later, 40));
}
