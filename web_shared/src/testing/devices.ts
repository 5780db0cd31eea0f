/** Cameras and microphones for unit tests: the test says when the browser allows them. */

import { vi } from "vitest";

export class FakeTrack extends EventTarget {
  readyState = "live";
  muted = false;
  onended: (() => void) | null = null;

  stop(): void {
    this.readyState = "ended";
  }

  /** As when the device is unplugged. */
  end(): void {
    this.readyState = "ended";
    this.onended?.();
    this.dispatchEvent(new Event("ended"));
  }

  mute(muted: boolean): void {
    this.muted = muted;
    this.dispatchEvent(new Event(muted ? "mute" : "unmute"));
  }
}

export class FakeStream {
  readonly track = new FakeTrack();

  getTracks(): FakeTrack[] {
    return [this.track];
  }

  getAudioTracks(): FakeTrack[] {
    return [this.track];
  }
}

/** A question that the browser puts to the person. */
export class Asked {
  readonly stream = new FakeStream();
  readonly answer: Promise<FakeStream>;
  allow = (): void => {};
  /** @param name of the error, as the browser calls it */
  deny: (name?: string) => void = () => {};

  constructor(readonly constraints: { audio?: { deviceId?: unknown } }) {
    this.answer = new Promise((resolve, reject) => {
      this.allow = () => resolve(this.stream);
      this.deny = (name = "NotAllowedError") => reject(new DOMException("no", name));
    });
  }
}

/** Put devices where a browser has its own; return what is asked for. */
export function fakeDevices(): Asked[] {
  const asked: Asked[] = [];
  const ask = (constraints: object): Promise<FakeStream> => {
    const one = new Asked(constraints);
    asked.push(one);
    return one.answer;
  };
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia: ask, getDisplayMedia: ask } });
  return asked;
}

export class FakeWorkletContext extends EventTarget {
  sampleRate = 48_000;
  static all: FakeWorkletContext[] = [];
  state = "running";
  audioWorklet = { addModule: (): Promise<void> => Promise.resolve() };

  constructor() {
    super();
    FakeWorkletContext.all.push(this);
  }

  createMediaStreamSource(): { connect: () => void } {
    return { connect: () => {} };
  }

  resume(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.state = "closed";
    return Promise.resolve();
  }

  become(state: string): void {
    this.state = state;
    this.dispatchEvent(new Event("statechange"));
  }
}

export class FakeWorkletNode {
  static all: FakeWorkletNode[] = [];
  /** What its script was told. */
  readonly asked: unknown[] = [];
  readonly port: {
    onmessage: ((event: { data: ArrayBuffer | null }) => void) | null;
    postMessage: (message: unknown) => void;
  } = { onmessage: null, postMessage: (message) => void this.asked.push(message) };

  constructor() {
    FakeWorkletNode.all.push(this);
  }

  /** A frame of the microphone comes. */
  frame(): void {
    this.port.onmessage?.({ data: new ArrayBuffer(1024) });
  }

  /** What was left of a frame has come. */
  flushed(): void {
    this.port.onmessage?.({ data: null });
  }
}

/** Put an audio context that captures where a browser has its own. */
export function fakeCapture(): void {
  FakeWorkletContext.all = [];
  FakeWorkletNode.all = [];
  vi.stubGlobal("AudioContext", FakeWorkletContext);
  vi.stubGlobal("AudioWorkletNode", FakeWorkletNode);
}
