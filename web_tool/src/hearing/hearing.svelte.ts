/** The ears' bench: records or takes a file, has it heard, and remembers the last tries. */

import { Failure, tellable } from "../failure";
import { preferences } from "../preferences.svelte";
import { transcribe, type Heard } from "../server/asr";
import { prepareFile, prepareSamples, type Sound } from "../sound/prepare";
import { Recorder } from "../sound/recorder";

export interface Attempt {
  id: number;
  name: string;
  sound: Sound;
  /** Where the browser finds the sound for playing it. */
  url: string;
  heard: Heard | undefined;
  failure: Failure | undefined;
}

export type Phase = "idle" | "asking" | "recording" | "preparing" | "hearing";

const REMEMBERED = 6;
const LONGEST_RECORDING_S = 600;
/** The levels that are shown: some ten seconds. */
const LEVELS = 240;

export class Hearing {
  phase: Phase = $state("idle");
  attempts: Attempt[] = $state([]);
  /** The one that is looked at. */
  current: Attempt | undefined = $state();
  /** Why there is no attempt: the microphone or the file cannot be used. */
  failure: Failure | undefined = $state();
  /** What is being prepared, or could not be. */
  name = $state("");
  recorded_s = $state(0);
  /** The newest is last, 0..1. */
  levels: number[] = $state.raw([]);

  #recorder: Recorder | undefined;
  #pending = new AbortController();
  #recordings = 0;
  #ids = 0;

  /** Begins to record; whatever was being heard is given up. */
  async record(): Promise<void> {
    this.#startOver("asking");
    const { signal } = this.#pending;
    this.levels = [];
    this.recorded_s = 0;
    try {
      const recorder = await Recorder.start({
        level: (peak, length_s) => this.#level(peak, length_s),
        gone: () => void this.stop(),
      });
      if (signal.aborted) {
        await recorder.discard();
        return;
      }
      this.#recorder = recorder;
      this.phase = "recording";
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  /** Ends the recording and has it heard. */
  async stop(): Promise<void> {
    const recorder = this.#recorder;
    if (!recorder) return;
    this.#recorder = undefined;
    this.phase = "preparing";
    const { samples, rate } = await recorder.stop();
    this.#recordings += 1;
    const name = preferences.words.recordingName(this.#recordings);
    await this.#hear(name, () => prepareSamples(samples, rate));
  }

  /** Throws the recording away. */
  async discard(): Promise<void> {
    this.#startOver("idle");
  }

  /** Has a file heard. */
  async take(file: File): Promise<void> {
    this.#startOver("preparing");
    await this.#hear(file.name, () => prepareFile(file));
  }

  /** Has the sound of an attempt heard once more. */
  async retry(attempt: Attempt): Promise<void> {
    this.#startOver("hearing");
    this.current = attempt;
    await this.#ask(attempt);
  }

  /** Looks at an earlier attempt. */
  show(attempt: Attempt): void {
    this.failure = undefined;
    this.current = attempt;
  }

  #startOver(phase: Phase): void {
    this.#pending.abort();
    this.#pending = new AbortController();
    void this.#recorder?.discard();
    this.#recorder = undefined;
    this.failure = undefined;
    this.name = "";
    this.phase = phase;
  }

  #level(peak: number, length_s: number): void {
    this.recorded_s = length_s;
    this.levels = [...this.levels.slice(1 - LEVELS), peak];
    if (length_s >= LONGEST_RECORDING_S) void this.stop();
  }

  async #hear(name: string, prepare: () => Promise<Sound>): Promise<void> {
    const { signal } = this.#pending;
    this.name = name;
    try {
      const sound = await prepare();
      if (signal.aborted) return;
      const attempt = $state<Attempt>({
        id: ++this.#ids,
        name,
        sound,
        url: URL.createObjectURL(sound.wav),
        heard: undefined,
        failure: undefined,
      });
      this.#remember(attempt);
      await this.#ask(attempt);
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  async #ask(attempt: Attempt): Promise<void> {
    const { signal } = this.#pending;
    this.phase = "hearing";
    attempt.failure = undefined;
    attempt.heard = undefined;
    try {
      attempt.heard = await transcribe(attempt.sound.wav, signal);
    } catch (error) {
      if (signal.aborted) return; // something newer is going on
      attempt.failure = tellable(error);
    }
    this.phase = "idle";
  }

  #remember(attempt: Attempt): void {
    this.current = attempt;
    this.attempts = [attempt, ...this.attempts];
    for (const { url } of this.attempts.splice(REMEMBERED)) URL.revokeObjectURL(url);
  }

  #fail(error: unknown): void {
    this.phase = "idle";
    this.current = undefined;
    this.failure = tellable(error);
  }
}
