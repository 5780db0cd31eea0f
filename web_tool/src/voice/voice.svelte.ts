/** The voice's bench: has a text spoken, and plays its sentences as they become ready. */

import { joinWavs } from "@open-llm-vtuber/shared/audio/wav";

import { Failure, tellable } from "../failure";
import { fetchSound, speak } from "../server/tts";
import { mono } from "../sound/mono";
import { peaksOf } from "../sound/peaks";
import { Player, type Playing } from "../sound/player";

export interface Spoken {
  bytes: ArrayBuffer;
  /** Where the browser finds the file for saving it. */
  url: string;
  buffer: AudioBuffer;
  peaks: Float32Array;
}

export interface Sentence {
  id: number;
  text: string;
  /** From the request to the sound being here. */
  ready_ms: number | undefined;
  sound: Spoken | undefined;
  failure: Failure | undefined;
}

const PEAKS = 256;

export class Voice {
  text = $state("");
  /** Whether sentences are still being made. */
  making = $state(false);
  sentences: Sentence[] = $state([]);
  playing: Playing | undefined = $state.raw();
  firstSound_ms: number | undefined = $state();
  total_ms: number | undefined = $state();
  failure: Failure | undefined = $state();

  #player = new Player((playing) => (this.playing = playing ?? undefined));
  #pending = new AbortController();
  /** Whether sentences are played as they become ready. */
  #follows = false;
  #ids = 0;

  /** Those whose sound is here. */
  get ready(): Spoken[] {
    return this.sentences.flatMap(({ sound }) => sound ?? []);
  }

  get length_s(): number {
    return this.ready.reduce((sum, { buffer }) => sum + buffer.duration, 0);
  }

  /** Speaks the text; whatever was being spoken ends. To be called by a key or a button. */
  async speak(): Promise<void> {
    this.stop();
    this.#clear();
    this.#player.unlock();
    this.#pending = new AbortController();
    this.#follows = true;
    this.making = true;
    const { signal } = this.#pending;
    const started = performance.now();
    let sounds = Promise.resolve();
    try {
      await speak(
        this.text.trim(),
        (text, path) => {
          const sentence = this.#append(text);
          const fetched = fetchSound(path, signal);
          fetched.catch(() => undefined); // it is waited for below, in its turn
          sounds = sounds.then(() => this.#arrive(sentence, fetched, started, signal));
        },
        signal,
      );
      await sounds;
      if (!this.sentences.length) this.failure = new Failure("nothingToSay");
    } catch (error) {
      if (signal.aborted) return; // stopped by the person
      await sounds;
      this.making = false;
      this.failure = tellable(error);
    }
    if (signal.aborted) return;
    this.total_ms = performance.now() - started;
    this.making = false;
  }

  /** Ends the making and the playing; what is here stays. */
  stop(): void {
    this.#pending.abort();
    this.making = false;
    this.#follows = false;
    this.#player.stop();
    this.sentences = this.sentences.filter(({ sound, failure }) => sound ?? failure);
  }

  /** Plays one sentence alone. */
  play({ id, sound }: Sentence): void {
    this.#follows = false;
    this.#player.stop();
    this.#player.unlock();
    if (sound) this.#player.add(id, sound.buffer);
  }

  /** Ends the playing only. */
  hush(): void {
    this.#follows = false;
    this.#player.stop();
  }

  /** Stops everything and gives the sound device back. */
  close(): Promise<void> {
    this.stop();
    return this.#player.close();
  }

  /** Plays all that is here from the beginning, and what comes meanwhile. */
  playAll(): void {
    this.#player.stop();
    this.#player.unlock();
    for (const { id, sound } of this.sentences) if (sound) this.#player.add(id, sound.buffer);
    this.#follows = true;
  }

  /** Returns all sentences in one WAV file. */
  joined(): Blob {
    return new Blob([joinWavs(this.ready.map(({ bytes }) => bytes))], { type: "audio/wav" });
  }

  #append(text: string): Sentence {
    this.sentences.push({
      id: ++this.#ids,
      text,
      ready_ms: undefined,
      sound: undefined,
      failure: undefined,
    });
    return this.sentences.at(-1) as Sentence; // the reactive one
  }

  async #arrive(
    sentence: Sentence,
    fetched: Promise<ArrayBuffer>,
    started: number,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const bytes = await fetched;
      const buffer = await this.#player.decode(bytes.slice(0));
      if (signal.aborted) return;
      const samples = mono(
        Array.from({ length: buffer.numberOfChannels }, (_, at) => buffer.getChannelData(at)),
      );
      const url = URL.createObjectURL(new Blob([bytes], { type: "audio/wav" }));
      sentence.sound = { bytes, url, buffer, peaks: peaksOf(samples, PEAKS) };
      sentence.ready_ms = performance.now() - started;
      if (this.#follows) this.#player.add(sentence.id, buffer);
      this.firstSound_ms ??= sentence.ready_ms;
    } catch (error) {
      if (signal.aborted) return;
      sentence.failure = error instanceof DOMException ? new Failure("empty") : tellable(error);
    }
  }

  #clear(): void {
    for (const { url } of this.ready) URL.revokeObjectURL(url);
    this.sentences = [];
    this.failure = undefined;
    this.firstSound_ms = undefined;
    this.total_ms = undefined;
  }
}
