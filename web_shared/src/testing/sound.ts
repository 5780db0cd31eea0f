/** An audio context for unit tests: its clock and the ends of its sounds are in the test's hands. */

import { vi } from "vitest";

import { encodeWav, parseWav } from "../audio/wav";

/** Of all that sounds, samples per second. */
export const RATE = 8000;

/** Samples of a sound that is equally loud all the time. */
export function tone(seconds: number): Float32Array<ArrayBuffer> {
  return new Float32Array(Math.round(seconds * RATE)).map((_, at) => (at % 2 ? 0.5 : -0.5));
}

/** A WAV file of that, in base64. */
export function wavOf(seconds: number): string {
  const bytes = new Uint8Array(encodeWav(tone(seconds), RATE));
  return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ""));
}

/** A sound that was decoded, or made. */
export class FakeBuffer {
  readonly sampleRate: number;
  readonly length: number;
  readonly numberOfChannels = 1;
  readonly #samples: Float32Array;

  constructor({ length, sampleRate }: { length: number; sampleRate: number }) {
    this.length = length;
    this.sampleRate = sampleRate;
    this.#samples = new Float32Array(length);
  }

  get duration(): number {
    return this.length / this.sampleRate;
  }

  getChannelData(): Float32Array {
    return this.#samples;
  }

  copyToChannel(samples: Float32Array): void {
    this.#samples.set(samples);
  }
}

export class FakeSource {
  static all: FakeSource[] = [];
  onended: (() => void) | null = null;
  readonly buffer: FakeBuffer;

  constructor(_: unknown, { buffer }: { buffer: FakeBuffer }) {
    this.buffer = buffer;
    FakeSource.all.push(this);
  }

  isConnected = false;
  /** When it was told to begin, by the clock. */
  startAt: number | undefined;
  /** From where on in its sound. */
  offset = 0;

  connect(): void {
    this.isConnected = true;
  }

  disconnect(): void {
    this.isConnected = false;
  }

  start(at = 0, offset = 0): void {
    this.startAt = at;
    this.offset = offset;
  }

  stop(): void {
    this.isConnected = false;
  }

  isOver = false;

  /** It was played to its end. */
  end(): void {
    this.isOver = true;
    this.onended?.();
  }

  /** When it ends by itself, by the clock. */
  get endAt(): number {
    return (this.startAt ?? 0) + this.buffer.duration - this.offset;
  }
}

/** What is to be done with the next picture that is drawn. */
const awaited = new Map<number, () => void>();
let lastAwaited = 0;

/** Draw one picture: all who asked for the next one are called. */
export function drawn(): void {
  const steps = [...awaited.values()];
  awaited.clear();
  for (const step of steps) step();
}

export class FakeContext {
  static all: FakeContext[] = [];
  static get last(): FakeContext {
    const context = FakeContext.all.at(-1);
    if (!context) throw new Error("no context was made");
    return context;
  }

  /** What decoding the next sounds throws. */
  static broken: Error | undefined;
  state = "running";
  currentTime = 0;
  outputLatency = 0;
  baseLatency = 0;
  sampleRate = RATE;
  destination = {};

  constructor() {
    FakeContext.all.push(this);
  }

  async decodeAudioData(file: ArrayBuffer): Promise<FakeBuffer> {
    if (FakeContext.broken) throw FakeContext.broken;
    const { data } = parseWav(file);
    const buffer = new FakeBuffer({ length: data.length / 2, sampleRate: RATE });
    const view = new DataView(data.buffer, data.byteOffset);
    buffer.copyToChannel(
      Float32Array.from({ length: buffer.length }, (_, at) => view.getInt16(2 * at, true) / 32768),
    );
    return buffer;
  }

  resume(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.state = "closed";
    return Promise.resolve();
  }
}

export class FakeGain {
  static all: FakeGain[] = [];
  /** What it was set to, in order. */
  readonly set: number[] = [];
  /** What it is to be at a time of the clock, in the order of the times. */
  plan: [at_s: number, value: number, how: "at once" | "until then"][] = [];
  readonly gain = {
    setTargetAtTime: (value: number): void => void this.set.push(value),
    setValueAtTime: (value: number, at_s: number): void =>
      void this.plan.push([at_s, value, "at once"]),
    linearRampToValueAtTime: (value: number, at_s: number): void =>
      void this.plan.push([at_s, value, "until then"]),
    cancelScheduledValues: (from_s: number): void =>
      void (this.plan = this.plan.filter(([at_s]) => at_s < from_s)),
  };

  constructor(_: unknown, { gain }: { gain: number }) {
    this.set.push(gain);
    FakeGain.all.push(this);
  }

  connect(): void {}

  disconnect(): void {}
}

/** Put the doubles where a browser has its own; return what was reported as uncaught. */
export function fakeSound(): unknown[] {
  const reported: unknown[] = [];
  FakeSource.all = [];
  FakeContext.all = [];
  FakeContext.broken = undefined;
  FakeGain.all = [];
  awaited.clear();
  vi.stubGlobal("AudioContext", FakeContext);
  vi.stubGlobal("AudioBuffer", FakeBuffer);
  vi.stubGlobal("AudioBufferSourceNode", FakeSource);
  vi.stubGlobal("GainNode", FakeGain);
  vi.stubGlobal("requestAnimationFrame", (step: () => void) => {
    awaited.set((lastAwaited += 1), step);
    return lastAwaited;
  });
  vi.stubGlobal("cancelAnimationFrame", (one: number) => awaited.delete(one));
  vi.stubGlobal("reportError", (error: unknown) => reported.push(error));
  return reported;
}

/** Let everything happen that only waits for promises. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
