/** Plays sounds one right after the other, on the clock of the sound device. */

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

/** How long a sound takes to fade when it is stopped, so that it does not click. */
const FADE_S = 0.015;

export class Player {
  #made: AudioContext | undefined;
  #gain: GainNode | undefined;
  #queue: Scheduled[] = [];
  #frame = 0;

  /** `changed` is called once per frame while something plays, and with null when it ends. */
  constructor(private readonly changed: (playing: Playing | null) => void) {}

  /** Lets sound out; browsers want this said while a key or a button is pressed, and not before. */
  unlock(): void {
    void this.#context.resume();
  }

  /** Returns the sound in a file. Throws DOMException if it cannot be read; `file` is used up. */
  decode(file: ArrayBuffer): Promise<AudioBuffer> {
    return this.#context.decodeAudioData(file);
  }

  /** Plays `sound` when all before it have ended: at once if there are none. */
  add(id: number, sound: AudioBuffer): void {
    const source = new AudioBufferSourceNode(this.#context, { buffer: sound });
    source.connect(this.#out());
    const last = this.#queue.at(-1);
    const now_s = this.#context.currentTime;
    const start_s = Math.max(now_s, last ? last.start_s + last.length_s : 0);
    const scheduled = { id, source, start_s, length_s: sound.duration };
    source.onended = () => this.#ended(scheduled);
    source.start(start_s);
    this.#queue.push(scheduled);
    if (!this.#frame) this.#follow();
  }

  /** Stops whatever plays or waits. */
  stop(): void {
    if (!this.#queue.length) return;
    for (const { source } of this.#queue) source.onended = null;
    const at_s = this.#context.currentTime;
    this.#gain?.gain.setTargetAtTime(0, at_s, FADE_S / 3);
    for (const { source } of this.#queue) source.stop(at_s + FADE_S);
    this.#gain = undefined;
    this.#queue = [];
    this.#rest();
  }

  /** Stops, and gives the sound device back. */
  async close(): Promise<void> {
    this.stop();
    await this.#made?.close();
  }

  get #context(): AudioContext {
    this.#made ??= new AudioContext();
    return this.#made;
  }

  #out(): GainNode {
    if (!this.#gain) {
      this.#gain = new GainNode(this.#context);
      this.#gain.connect(this.#context.destination);
    }
    return this.#gain;
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
    const heard_s = this.#context.currentTime - (this.#context.outputLatency || 0);
    const current = this.#queue.findLast((one) => one.start_s <= heard_s) ?? this.#queue[0];
    if (current) {
      const part = (heard_s - current.start_s) / current.length_s;
      this.changed({ id: current.id, part: Math.max(0, Math.min(1, part)) });
    }
    this.#frame = requestAnimationFrame(() => this.#follow());
  }
}
