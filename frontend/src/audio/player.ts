/** Plays sentences one after another; what must wait for them queues behind. */

import { isolated } from "../isolated";
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

/** Only some browsers let a page choose the speaker. */
interface Sinks {
  sinkId: string;
  setSinkId: (device: string) => Promise<void>;
}

export class Player {
  /** Returns how the lips stand to the sound that leaves the loudspeaker now. */
  mouth: () => Mouth = () => CLOSED;
  #context: AudioContext | undefined;
  #gain: GainNode | undefined;
  #volume = 1;
  #speaker = "";
  #queue = Promise.resolve();
  #generation = 0;
  /** Ends the sentence that is playing. */
  #stop = (): void => {};

  /** Browsers allow sound once the person has clicked or typed: call this when they do. */
  unlock(): void {
    wake(this.#sound().context);
  }

  /** Whether the browser keeps the voice back until the person has clicked or typed. */
  get isLocked(): boolean {
    return this.#context?.state === "suspended" && !navigator.userActivation?.hasBeenActive;
  }

  /** 0 to 1 */
  set volume(volume: number) {
    this.#volume = volume;
    this.#gain?.gain.setTargetAtTime(volume, this.#context?.currentTime ?? 0, 0.02);
  }

  /** Play through another device; "" is the system's default. Rejects if it is not there. */
  async useSpeaker(device: string): Promise<void> {
    this.#speaker = device;
    const context: (AudioContext & Partial<Sinks>) | undefined = this.#context;
    if (device || context?.sinkId) await context?.setSinkId?.(device);
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

  #sound(): { context: AudioContext; gain: GainNode } {
    if (!this.#context || !this.#gain) {
      this.#context = new AudioContext({ latencyHint: "interactive" });
      this.#gain = new GainNode(this.#context, { gain: this.#volume });
      this.#gain.connect(this.#context.destination);
      this.useSpeaker(this.#speaker).catch((error: unknown) => {
        console.warn("The chosen speaker cannot be used; the system's is.", error);
      });
    }
    return { context: this.#context, gain: this.#gain };
  }

  async #decode(wav: string | null): Promise<Sound | null> {
    if (wav === null) return null;
    try {
      const bytes = Uint8Array.from(atob(wav), (char) => char.charCodeAt(0));
      const buffer = await this.#sound().context.decodeAudioData(bytes.buffer);
      return { buffer, lips: new LipSync(buffer.getChannelData(0), buffer.sampleRate) };
    } catch (error) {
      console.error("This sentence stays silent: its sound could not be decoded.", error);
      return null;
    }
  }

  /** Begin to play and return when it is over; null if it cannot be played. */
  #play({ buffer, lips }: Sound, sentence: Sentence, listener: Listener): Promise<void> | null {
    const { context } = this.#sound();
    const source = this.#begin(buffer);
    if (!source) return null;
    const start = context.currentTime;
    // Bluetooth speakers are late by a quarter of a second; lips and words wait for them.
    const late = context.outputLatency || context.baseLatency || 0;
    const time = (): number => context.currentTime - start - late;
    const captions = new Captions(sentence.text, sentence.volumes, sentence.sliceMs);
    let told = -1;
    let frame = 0;
    const follow = (): void => {
      const heard = captions.heardAt(time());
      frame = requestAnimationFrame(follow);
      if (heard !== told) isolated(() => listener.heard((told = heard)));
    };
    return new Promise((resolve) => {
      this.#stop = () => {
        this.#stop = () => {};
        cancelAnimationFrame(frame);
        source.onended = null;
        source.disconnect();
        this.mouth = () => CLOSED;
        const heard = captions.heardAt(time()); // in a hidden tab no frame has told it
        isolated(() => listener.heard(heard));
        resolve(); // by ourselves: a suspended context never tells that a sound has ended
      };
      source.onended = () => {
        isolated(() => listener.heard(sentence.text.length));
        this.#stop();
      };
      if (!sentence.isElsewhere) this.mouth = () => lips.at(time());
      isolated(listener.started);
      follow();
    });
  }

  #begin(buffer: AudioBuffer): AudioBufferSourceNode | null {
    try {
      const { context, gain } = this.#sound();
      wake(context); // a telephone call may have held it up
      const source = new AudioBufferSourceNode(context, { buffer });
      source.connect(gain);
      source.start();
      return source;
    } catch (error) {
      console.error("This sentence stays silent: its sound could not be played.", error);
      return null;
    }
  }
}

/** Let a context sound, if the browser allows it. */
function wake(context: AudioContext): void {
  if (context.state === "running") return;
  context.resume().catch((error: unknown) => console.warn("There is no sound yet.", error));
}
