/** An audio context for unit tests: its clock and the ends of its sounds are in the test's hands. */

import { vi } from "vitest";

export class FakeSource {
  static all: FakeSource[] = [];
  onended: (() => void) | null = null;

  constructor() {
    FakeSource.all.push(this);
  }

  isConnected = false;
  /** When it was told to begin, by the clock. */
  startAt: number | undefined;

  connect(): void {
    this.isConnected = true;
  }

  disconnect(): void {
    this.isConnected = false;
  }

  start(at = 0): void {
    this.startAt = at;
  }

  stop(): void {
    this.isConnected = false;
  }

  /** It was played to its end. */
  end(): void {
    this.onended?.();
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
  destination = {};

  constructor() {
    FakeContext.all.push(this);
  }

  decodeAudioData(): Promise<object> {
    if (FakeContext.broken) return Promise.reject(FakeContext.broken);
    return Promise.resolve({ getChannelData: () => new Float32Array(1600), sampleRate: 16_000 });
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
  readonly gain = { setTargetAtTime: (value: number): void => void this.set.push(value) };

  constructor(_: unknown, { gain }: { gain: number }) {
    this.set.push(gain);
    FakeGain.all.push(this);
  }

  connect(): void {}
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
