/** Plays sounds one right after the other, and tells which of them is heard, and how far. */

import { SoundOutput } from "@open-llm-vtuber/shared/audio/output";
import { PlaybackQueue } from "@open-llm-vtuber/shared/audio/playback_queue";

export interface Playing {
  id: number;
  /** How much of it has been heard, 0..1. */
  part: number;
}

export class Player {
  readonly #output = new SoundOutput();
  readonly #queue = new PlaybackQueue(this.#output);

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
    const tell = (at_s: number): void => {
      this.changed({ id, part: Math.max(0, Math.min(1, at_s / sound.duration)) });
    };
    const segment = this.#queue.open({
      started: () => tell(0),
      heard: tell,
      ended: () => {
        if (this.#queue.isIdle) this.changed(null);
      },
    });
    segment.append(sound);
    segment.end();
  }

  /** Stops whatever plays or waits. */
  stop(): void {
    if (this.#queue.isIdle) return;
    this.#queue.stop();
    this.changed(null);
  }

  /** Stops, and gives the sound device back. */
  async close(): Promise<void> {
    this.stop();
    await this.#output.close();
  }
}
