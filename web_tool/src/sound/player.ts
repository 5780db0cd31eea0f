/** Plays sounds one right after the other, on the clock of the sound device. */

import { SoundOutput } from "@open-llm-vtuber/shared/audio/output";

export interface Playing {
  id: number;
  /** How much of it has been heard, 0..1. */
  part: number;
}

interface Scheduled {
  id: number;
  source: AudioBufferSourceNode;
  start_s: number;
  length_s: number;
}

export class Player {
  readonly #output = new SoundOutput();
  #queue: Scheduled[] = [];
  #frame = 0;

  /** `changed` is called once per frame while something plays, and with null when it ends. */
  constructor(private readonly changed: (playing: Playing | null) => void) {}

  /** Lets sound out; browsers want this said while a key or a button is pressed, and not before. */
  unlock(): void {
    this.#output.unlock();
  }

  /** Returns the sound in a file. Throws DOMException if it cannot be read; `file` is used up. */
  decode(file: ArrayBuffer): Promise<AudioBuffer> {
    return this.#output.decode(file);
  }

  /** Plays `sound` when all before it have ended: at once if there are none. */
  add(id: number, sound: AudioBuffer): void {
    const last = this.#queue.at(-1);
    const start_s = Math.max(this.#output.now_s, last ? last.start_s + last.length_s : 0);
    const source = this.#output.play(sound, start_s);
    const scheduled = { id, source, start_s, length_s: sound.duration };
    source.onended = () => this.#ended(scheduled);
    this.#queue.push(scheduled);
    if (!this.#frame) this.#follow();
  }

  /** Stops whatever plays or waits. */
  stop(): void {
    if (!this.#queue.length) return;
    for (const { source } of this.#queue) source.onended = null;
    this.#output.silence(this.#queue.map(({ source }) => source));
    this.#queue = [];
    this.#rest();
  }

  /** Stops, and gives the sound device back. */
  async close(): Promise<void> {
    this.stop();
    await this.#output.close();
  }

  #ended(scheduled: Scheduled): void {
    this.#queue = this.#queue.filter((one) => one !== scheduled);
    if (!this.#queue.length) this.#rest();
  }

  #rest(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.changed(null);
  }

  #follow(): void {
    const heard_s = this.#output.now_s - this.#output.latency_s;
    const current = this.#queue.findLast((one) => one.start_s <= heard_s) ?? this.#queue[0];
    if (current) {
      const part = (heard_s - current.start_s) / current.length_s;
      this.changed({ id: current.id, part: Math.max(0, Math.min(1, part)) });
    }
    this.#frame = requestAnimationFrame(() => this.#follow());
  }
}
