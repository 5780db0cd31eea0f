// @ts-check
/** The microphone as frames of 512 samples: 16-bit PCM, 16 kHz, mono, 32 ms each. */

const RATE = 16000;
const QUIETEST_DB = -60;

/** @type {Record<string, string>} */
const REASONS = {
  NotAllowedError:
    "The microphone is blocked for this page. Allow it in the browser, then try again.",
  NotFoundError: "No microphone was found. Connect one, then try again.",
  NotReadableError: "The microphone cannot be used; perhaps another program is using it.",
};

export class Microphone {
  /** @type {MediaStream | undefined} */
  #stream;
  /** @type {AudioContext | undefined} */
  #context;
  #onFrame;
  #onEnd;

  /**
   * @param {(frame: ArrayBuffer, level: number) => void} onFrame level is 0 to 1
   * @param {() => void} onEnd called when it is gone: unplugged, or no longer allowed
   */
  constructor(onFrame, onEnd) {
    this.#onFrame = onFrame;
    this.#onEnd = onEnd;
  }

  get isOn() {
    return this.#stream !== undefined;
  }

  /** Ask for it and begin. Throws an Error whose message is meant for the person. */
  async start() {
    if (!navigator.mediaDevices) {
      const port = location.port && `:${location.port}`;
      throw new Error(
        "Browsers give the microphone only to secure pages: " +
          `open this page as http://localhost${port} on the server's computer, or through https.`,
      );
    }
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({
        audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
      });
      this.#stream.getAudioTracks()[0].onended = () => {
        this.stop();
        this.#onEnd();
      };
      await this.#capture(this.#stream);
    } catch (error) {
      this.stop();
      const { name, message } = /** @type {Error} */ (error);
      throw new Error(REASONS[name] ?? `The microphone could not be opened: ${message}`);
    }
  }

  stop() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    void this.#context?.close();
    this.#stream = this.#context = undefined;
  }

  /** @param {MediaStream} stream */
  async #capture(stream) {
    const [context, source] = this.#open(stream);
    this.#context = context;
    await context.audioWorklet.addModule("capture.worklet.js");
    const capture = new AudioWorkletNode(context, "capture", {
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: "explicit",
      processorOptions: { rate: RATE },
    });
    capture.port.onmessage = ({ data }) => {
      if (this.#stream === stream) this.#onFrame(data, level(new Int16Array(data)));
    };
    source.connect(capture);
    await context.resume();
  }

  /** @param {MediaStream} stream @returns {[AudioContext, MediaStreamAudioSourceNode]} */
  #open(stream) {
    const context = new AudioContext({ sampleRate: RATE });
    try {
      return [context, context.createMediaStreamSource(stream)];
    } catch {
      // Some browsers do not convert a microphone's rate: then the worklet does.
      void context.close();
      const native = new AudioContext();
      return [native, native.createMediaStreamSource(stream)];
    }
  }
}

/** @param {Int16Array} frame @returns {number} its loudness on a scale of decibels, 0 to 1 */
function level(frame) {
  const power = frame.reduce((sum, sample) => sum + sample * sample, 0) / frame.length;
  const decibels = 10 * Math.log10(Math.max(power, 1) / 32768 ** 2);
  return Math.max(0, 1 - decibels / QUIETEST_DB);
}
