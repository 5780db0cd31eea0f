// @ts-check
/** Plays sentences one after another; what must wait for them queues behind. */

/** @import { Audio } from "./connection.js" */

export class Player {
  /** @type {AudioContext | undefined} */
  #context;
  #queue = Promise.resolve();
  #generation = 0;
  /** Ends the sentence that is playing. */
  #stop = () => {};
  #onLevel;

  /** @param {(level: number) => void} onLevel told how loud the voice is, 0 to 1 */
  constructor(onLevel) {
    this.#onLevel = onLevel;
  }

  /** Browsers allow sound once the person has clicked or typed: call this when they do. */
  unlock() {
    if (this.#sound().state !== "running") void this.#sound().resume();
  }

  /** @param {Audio} sentence @param {() => void} onStart called when it begins to sound */
  say(sentence, onStart) {
    const decoded = this.#decode(sentence.audio); // now, while the one before is playing
    const generation = this.#generation;
    this.then(async () => {
      const buffer = await decoded;
      if (generation !== this.#generation) return;
      onStart();
      if (buffer) await this.#play(buffer, sentence);
    });
  }

  /** Do something once everything queued so far is over. @param {() => void | Promise<void>} step */
  then(step) {
    const generation = this.#generation;
    this.#queue = this.#queue.then(() => (generation === this.#generation ? step() : undefined));
  }

  /** Be silent at once and forget the queue. */
  clear() {
    this.#generation += 1;
    this.#stop();
  }

  #sound() {
    return (this.#context ??= new AudioContext());
  }

  /** @param {string | null} wav in base64 */
  async #decode(wav) {
    if (wav === null) return null;
    try {
      const bytes = Uint8Array.from(atob(wav), (char) => char.charCodeAt(0));
      return await this.#sound().decodeAudioData(bytes.buffer);
    } catch (error) {
      console.error("This sentence stays silent: its sound could not be decoded.", error);
      return null;
    }
  }

  /** @param {AudioBuffer} buffer @param {Audio} sentence @returns {Promise<void>} */
  #play(buffer, { volumes, slice_length }) {
    const context = this.#sound();
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(context.destination);
    const start = context.currentTime;
    let playing = true;
    const follow = () => {
      const slice = Math.floor(((context.currentTime - start) * 1000) / slice_length);
      this.#onLevel(playing ? (volumes[slice] ?? 0) : 0);
      if (playing) requestAnimationFrame(follow);
    };
    return new Promise((resolve) => {
      this.#stop = () => {
        playing = false;
        source.disconnect();
        resolve(); // by ourselves: a suspended context never tells that a sound has ended
      };
      source.onended = this.#stop;
      source.start();
      follow();
    });
  }
}
