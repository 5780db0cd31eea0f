/** A loudspeaker that nobody hears: sounds take their time by a clock that no browser holds back. */

import { SoundOutput } from "./output";

const RATE = 48_000;

/** What hangs on sounds, such as lips and captions, goes on; no device is opened. */
export class SilentOutput extends SoundOutput {
  /** Decodes, and makes what sounds are played by; it never renders anything. */
  readonly #context = new OfflineAudioContext(1, 1, RATE);

  override unlock(): void {
    // Nothing is kept back.
  }

  override get isLocked(): boolean {
    return false;
  }

  override set volume(_: number) {
    // It is none, whatever is wished.
  }

  override set level(_: number) {
    // Nor can it be less.
  }

  override async useSpeaker(): Promise<void> {
    // There is none.
  }

  override decode(file: ArrayBuffer): Promise<AudioBuffer> {
    return this.#context.decodeAudioData(file);
  }

  override get now_s(): number {
    return performance.now() / 1000;
  }

  override get latency_s(): number {
    return 0;
  }

  override get lead_s(): number {
    return 0.01;
  }

  override get rate(): number {
    return RATE;
  }

  override fader(): GainNode {
    return new GainNode(this.#context);
  }

  override play(
    buffer: AudioBuffer,
    at_s: number,
    _through: GainNode,
    offset_s = 0,
  ): AudioBufferSourceNode {
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    source.start(); // else it may not be stopped
    const ends_s = Math.max(at_s, this.now_s) + buffer.duration - offset_s;
    setTimeout(() => source.dispatchEvent(new Event("ended")), (ends_s - this.now_s) * 1000);
    return source;
  }

  override silence(sources: readonly AudioBufferSourceNode[]): void {
    for (const source of sources) source.stop();
  }

  override async close(): Promise<void> {
    // No device was opened.
  }
}
