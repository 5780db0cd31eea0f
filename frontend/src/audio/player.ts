/** Plays sentences one after another; what must wait for them queues behind. */

import type { SoundOutput } from "@open-llm-vtuber/shared/audio/output";
import { isolated } from "@open-llm-vtuber/shared/isolated";

import { Captions } from "./captions";
import { LipSync, type Mouth } from "./lipsync";

/** A sentence as it arrives. */
export interface Sentence {
  /** A WAV file in base64; null for a silent one. */
  readonly audio: string | null;
  readonly text: string;
  readonly volumes: readonly number[];
  readonly sliceMs: number;
  /** Another character says it, who is not on this page. */
  readonly isElsewhere?: boolean;
}

/** What a sentence that is played tells of itself. */
export interface Listener {
  /** It begins to sound, or to be shown if it is silent. */
  started: () => void;
  /** So many characters of its text have been heard; told when that changes. */
  heard: (characters: number) => void;
}

interface Sound {
  readonly buffer: AudioBuffer;
  readonly lips: LipSync;
}

const CLOSED: Mouth = { open: 0, wide: 0, round: 0 };

export class Player {
  /** Returns how the lips stand to the sound that leaves the loudspeaker now. */
  mouth: () => Mouth = () => CLOSED;
  readonly #output: SoundOutput;
  #queue = Promise.resolve();
  #generation = 0;
  /** Ends the sentence that is playing. */
  #stop = (): void => {};

  constructor(output: SoundOutput) {
    this.#output = output;
  }

  say(sentence: Sentence, listener: Listener): void {
    const decoded = this.#decode(sentence.audio); // now, while the one before is playing
    const generation = this.#generation;
    this.then(async () => {
      const sound = await decoded;
      if (generation !== this.#generation) return;
      const playing = sound && this.#play(sound, sentence, listener);
      if (playing) return playing;
      isolated(listener.started);
      isolated(() => listener.heard(sentence.text.length));
    });
  }

  /**
   * Do something once everything queued so far is over; not at all if that is cut off. What fails
   * is reported, and what is queued behind it happens all the same.
   */
  then(step: () => void | Promise<void>): void {
    const generation = this.#generation;
    this.#queue = this.#queue
      .then(() => (generation === this.#generation ? step() : undefined))
      .catch(reportError);
  }

  /** Be silent at once and forget the queue. */
  clear(): void {
    this.#generation += 1;
    this.#stop();
  }

  async #decode(wav: string | null): Promise<Sound | null> {
    if (wav === null) return null;
    try {
      const bytes = Uint8Array.from(atob(wav), (char) => char.charCodeAt(0));
      const buffer = await this.#output.decode(bytes.buffer);
      return { buffer, lips: new LipSync(buffer.getChannelData(0), buffer.sampleRate) };
    } catch (error) {
      console.error("This sentence stays silent: its sound could not be decoded.", error);
      return null;
    }
  }

  /** Begin to play and return when it is over; null if it cannot be played. */
  #play({ buffer, lips }: Sound, sentence: Sentence, listener: Listener): Promise<void> | null {
    const source = this.#begin(buffer);
    if (!source) return null;
    // Lips and words wait for the loudspeaker.
    const start_s = this.#output.now_s + this.#output.latency_s;
    const time = (): number => this.#output.now_s - start_s;
    const captions = new Captions(sentence.text, sentence.volumes, sentence.sliceMs);
    let told = -1;
    let frame = 0;
    const follow = (): void => {
      const heard = captions.heardAt(time());
      frame = requestAnimationFrame(follow);
      if (heard !== told) isolated(() => listener.heard((told = heard)));
    };
    return new Promise((resolve) => {
      const end = (heard: number): void => {
        this.#stop = () => {};
        cancelAnimationFrame(frame);
        source.onended = null;
        source.disconnect();
        this.mouth = () => CLOSED;
        isolated(() => listener.heard(heard));
        resolve(); // by ourselves: a suspended context never tells that a sound has ended
      };
      this.#stop = () => end(captions.heardAt(time())); // in a hidden tab no frame has told it
      source.onended = () => end(sentence.text.length);
      if (!sentence.isElsewhere) this.mouth = () => lips.at(time());
      isolated(listener.started);
      follow();
    });
  }

  #begin(buffer: AudioBuffer): AudioBufferSourceNode | null {
    try {
      return this.#output.play(buffer);
    } catch (error) {
      console.error("This sentence stays silent: its sound could not be played.", error);
      return null;
    }
  }
}
