/** Her voice, her ears or her mind tried with what is not saved yet; one at a time. */

import { MicrophoneError, type MicrophoneOptions } from "@open-llm-vtuber/shared/audio/microphone";
import type { SoundOutput } from "@open-llm-vtuber/shared/audio/output";
import { fromBase64 } from "@open-llm-vtuber/shared/base64";

import { Sample } from "../audio/sample";
import { ApiError } from "../session/http";
import { attempt, type Edit, type TrialKind } from "./api";
import { Dictation } from "./dictation.svelte";

/** What is tried: a voice of a list by its id. */
export interface Trying {
  readonly kind: TrialKind;
  readonly voice: string;
}

export interface Result {
  readonly kind: TrialKind;
  readonly text: string;
  readonly took_s: number;
  /** Why it did not work, with the mend; null where it did. */
  readonly failure: ApiError | null;
}

export class Trials {
  /** What is being tried now. */
  now = $state.raw<Trying | null>(null);
  result = $state.raw<Result | null>(null);
  /** What is recorded for the ears. */
  recording = $state.raw<Dictation | null>(null);
  /** Why the microphone cannot be had. */
  problem = $state.raw<MicrophoneError | null>(null);

  readonly #sample: Sample;
  #stop = new AbortController();

  constructor(output: SoundOutput) {
    this.#sample = new Sample(output);
  }

  /** Have a text said, or a question answered; "" for a usual one. */
  async run(kind: TrialKind, edits: readonly Edit[], text: string, voice = ""): Promise<void> {
    await this.#run({ kind, voice }, edits, { text });
  }

  /** Begin to record what is said; at its end it is written down. */
  async listen(options: MicrophoneOptions, edits: () => readonly Edit[]): Promise<void> {
    if (this.recording) return;
    this.end();
    this.problem = null;
    const recording = new Dictation(options);
    this.recording = recording;
    try {
      const file = await recording.whole();
      if (this.recording !== recording) return;
      this.recording = null;
      if (file) await this.#run({ kind: "ears", voice: "" }, edits(), { file });
    } catch (error) {
      if (this.recording === recording) this.recording = null;
      if (!(error instanceof MicrophoneError)) throw error;
      this.problem = error;
    }
  }

  /** Stop what is tried, recorded or heard. */
  end(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.recording?.cancel();
    this.recording = null;
    this.#sample.stop();
    this.now = null;
  }

  async #run(
    trying: Trying,
    edits: readonly Edit[],
    more: { text?: string; file?: Blob },
  ): Promise<void> {
    this.end();
    this.result = null;
    this.now = trying;
    const { signal } = this.#stop;
    const { kind } = trying;
    try {
      const { text, took_s, sound } = await attempt(kind, edits, more, signal);
      if (signal.aborted) return;
      this.now = null;
      this.result = { kind, text, took_s, failure: null };
      if (sound) await this.#sample.play(fromBase64(sound).buffer);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      this.now = null;
      this.result = { kind, text: "", took_s: 0, failure: error };
    }
  }
}
