/** An audio context for unit tests: its clock and the ends of its sounds are in the test's hands. */

import { vi } from "vitest";

export class FakeSource {
  static all: FakeSource[] = [];
  onended: (() => void) | null = null;

  constructor() {
    FakeSource.all.push(this);
  }

  connect(): void {}
  disconnect(): void {}
  start(): void {}
}

export class FakeContext {
  state = "running";
  currentTime = 0;
  outputLatency = 0;
  destination = {};

  decodeAudioData(): Promise<object> {
    return Promise.resolve({ getChannelData: () => new Float32Array(1600), sampleRate: 16_000 });
  }

  resume(): Promise<void> {
    return Promise.resolve();
  }
}

/** Put the doubles where a browser has its own; return what was reported as uncaught. */
export function fakeSound(): unknown[] {
  const reported: unknown[] = [];
  FakeSource.all = [];
  vi.stubGlobal("AudioContext", FakeContext);
  vi.stubGlobal("AudioBufferSourceNode", FakeSource);
  vi.stubGlobal(
    "GainNode",
    class {
      connect(): void {}
    },
  );
  vi.stubGlobal("requestAnimationFrame", () => 0);
  vi.stubGlobal("cancelAnimationFrame", () => {});
  vi.stubGlobal("reportError", (error: unknown) => reported.push(error));
  return reported;
}

/** Let everything happen that only waits for promises. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
