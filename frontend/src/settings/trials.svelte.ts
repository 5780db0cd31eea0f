/** Her voice, her ears or her mind tried with what is not saved yet; one at a time. */

import { MicrophoneError } from "@open-llm-vtuber/shared/audio/microphone";
import type { SoundOutput } from "@open-llm-vtuber/shared/audio/output";

import { attempt, fetchVoices, type Edit, type TrialKind, type Voices } from "./api";
import { Recording } from "./recording.svelte";

/** What is tried: a voice of a list by its id. */
export interface Trying {
  readonly kind: TrialKind;
  readonly voice: string;
}

export interface Result {
  readonly kind: TrialKind;
  readonly text: string;
  readonly took_s: number;
  /** Why it did not work, with the mend, as the server says it; "" where it did. */
  readonly error: string;
}

export class Trials {
  /** What is being tried now. */
  now = $state.raw<Trying | null>(null);
  result = $state.raw<Result | null>(null);
  /** What is recorded for the ears. */
  recording = $state.raw<Recording | null>(null);
  /** Why the microphone cannot be had. */
  problem = $state.raw<MicrophoneError | null>(null);

  readonly #output: SoundOutput;
  #stop = new AbortController();
  #playing: AudioBufferSourceNode | undefined;

  constructor(output: SoundOutput) {
    this.#output = output;
  }

  /** Have a text said, or a question answered; "" for a usual one. */
  async run(kind: TrialKind, edits: readonly Edit[], text: string, voice = ""): Promise<void> {
    await this.#run({ kind, voice }, edits, { text });
  }

  /** Begin to record what is said; at its end it is written down. */
  async listen(
    options: ConstructorParameters<typeof Recording>[0],
    edits: () => readonly Edit[],
  ): Promise<void> {
    if (this.recording) return;
    this.end();
    this.problem = null;
    const recording = new Recording(options);
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

  /** Return the voices of the engine as it would be, or why there are none. */
  async voices(
    edits: readonly Edit[],
    signal: AbortSignal,
  ): Promise<{ found: Voices | null; error: string }> {
    const answer = await fetchVoices(edits, signal);
    return "value" in answer
      ? { found: answer.value, error: "" }
      : { found: null, error: answer.refusal.error };
  }

  /** Stop what is tried, recorded or heard. */
  end(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.recording?.cancel();
    this.recording = null;
    this.#silence();
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
    const answer = await attempt(trying.kind, edits, more, signal);
    if (signal.aborted) return;
    this.now = null;
    const { kind } = trying;
    if ("refusal" in answer) {
      const { error, problems } = answer.refusal;
      const why = problems.length ? problems.map((one) => one.error).join("\n") : error;
      this.result = { kind, text: "", took_s: 0, error: why };
      return;
    }
    const { text, took_s, sound } = answer.value;
    this.result = { kind, text, took_s, error: "" };
    if (sound) await this.#play(sound, signal);
  }

  async #play(sound: string, signal: AbortSignal): Promise<void> {
    const bytes = Uint8Array.from(atob(sound), (one) => one.charCodeAt(0));
    const buffer = await this.#output.decode(bytes.buffer);
    if (signal.aborted) return;
    this.#silence();
    this.#playing = this.#output.play(buffer, this.#output.now_s, this.#output.fader());
  }

  #silence(): void {
    if (this.#playing) this.#output.silence([this.#playing]);
    this.#playing = undefined;
  }
}
