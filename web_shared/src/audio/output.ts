/** The loudspeaker: what sounds leave through, and the clock that they are played by. */

/** How long sounds take to fade when they are silenced, so that they do not click. */
const FADE_S = 0.015;

/** While the clock is read, what leaves next is being made already; some browsers do not tell how much. */
const LEAST_LEAD_S = 0.01;

/** Only some browsers let a page choose the speaker. */
interface Sinks {
  sinkId: string;
  setSinkId: (device: string) => Promise<void>;
}

export class SoundOutput {
  #made: AudioContext | undefined;
  #gain: GainNode | undefined;
  #volume = 1;
  #level = 1;
  #speaker = "";

  /** Browsers allow sound once the person has clicked or typed: call this when they do. */
  unlock(): void {
    wake(this.#context);
  }

  /** Whether the browser keeps the sound back until the person has clicked or typed. */
  get isLocked(): boolean {
    return this.#made?.state === "suspended" && !navigator.userActivation?.hasBeenActive;
  }

  /** 0 to 1 */
  set volume(volume: number) {
    this.#volume = volume;
    this.#fadeTo(volume * this.#level, 0.02);
  }

  /** What of the volume there is for now, 0 to 1; it is reached within 30 ms. */
  set level(level: number) {
    if (level === this.#level) return;
    this.#level = level;
    this.#fadeTo(this.#volume * level, 0.01);
  }

  /** Play through another device; "" is the system's default. Rejects if it is not there. */
  async useSpeaker(device: string): Promise<void> {
    this.#speaker = device;
    const context: (AudioContext & Partial<Sinks>) | undefined = this.#made;
    if (device || context?.sinkId) await context?.setSinkId?.(device);
  }

  /** Return the sound in a file, which is used up. Throws DOMException if it cannot be read. */
  decode(file: ArrayBuffer): Promise<AudioBuffer> {
    return this.#context.decodeAudioData(file);
  }

  /** The clock of the device, in seconds. */
  get now_s(): number {
    return this.#context.currentTime;
  }

  /** So late a sound leaves the loudspeaker: Bluetooth takes a quarter of a second. */
  get latency_s(): number {
    return this.#context.outputLatency || this.#context.baseLatency || 0;
  }

  /** So long before its time a sound must be begun, if it is to begin in time. */
  get lead_s(): number {
    return Math.max(LEAST_LEAD_S, 2 * (this.#context.baseLatency || 0));
  }

  /** Samples per second of what leaves. */
  get rate(): number {
    return this.#context.sampleRate;
  }

  /** Return mono samples, at the rate of what leaves, as a sound. */
  sound(samples: Float32Array<ArrayBuffer>): AudioBuffer {
    const buffer = new AudioBuffer({ length: samples.length, sampleRate: this.rate });
    buffer.copyToChannel(samples, 0);
    return buffer;
  }

  /** Return a gain of 1 through which sounds may be played, until they are silenced. */
  fader(): GainNode {
    const out = this.#out();
    const fader = new GainNode(this.#context, { gain: 1 });
    fader.connect(out);
    return fader;
  }

  /** Begin to play, at a time of the clock, from an offset on. Throws as the browser does. */
  play(buffer: AudioBuffer, at_s: number, through: GainNode, offset_s = 0): AudioBufferSourceNode {
    wake(this.#context); // a telephone call may have held it up
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    source.connect(through);
    source.start(at_s, offset_s);
    return source;
  }

  /** Have sounds fade and end; those that are begun afterwards are as loud as ever. */
  silence(sources: readonly AudioBufferSourceNode[]): void {
    this.#gain?.gain.setTargetAtTime(0, this.now_s, FADE_S / 3);
    for (const source of sources) source.stop(this.now_s + FADE_S);
    this.#gain = undefined;
  }

  /** Give the device back. */
  async close(): Promise<void> {
    await this.#made?.close();
  }

  get #context(): AudioContext {
    if (!this.#made) {
      this.#made = new AudioContext({ latencyHint: "interactive" });
      this.useSpeaker(this.#speaker).catch((error: unknown) => {
        console.warn("The chosen speaker cannot be used; the system's is.", error);
      });
    }
    return this.#made;
  }

  #fadeTo(gain: number, time_s: number): void {
    this.#gain?.gain.setTargetAtTime(gain, this.#made?.currentTime ?? 0, time_s);
  }

  #out(): GainNode {
    if (!this.#gain) {
      this.#gain = new GainNode(this.#context, { gain: this.#volume * this.#level });
      this.#gain.connect(this.#context.destination);
    }
    return this.#gain;
  }
}

/** Let a context sound, if the browser allows it. */
function wake(context: AudioContext): void {
  if (context.state === "running") return;
  context.resume().catch((error: unknown) => console.warn("There is no sound yet.", error));
}
