/** Hands on what the microphone hears, in blocks; on any message it sends the rest and ends. */

declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: typeof AudioWorkletProcessor): void;

const BLOCK = 2048;

class Tap extends AudioWorkletProcessor {
  #block = new Float32Array(BLOCK);
  #filled = 0;
  #ended = false;

  constructor() {
    super();
    this.port.onmessage = () => {
      this.#ended = true;
      this.#send();
      this.port.postMessage(null);
    };
  }

  /** Called for each 128 samples; false lets the browser end it. */
  process([channels]: Float32Array[][]): boolean {
    const [first] = channels ?? [];
    if (this.#ended || !first) return !this.#ended;
    this.#block.set(first, this.#filled);
    this.#filled += first.length;
    if (this.#filled + first.length > BLOCK) this.#send();
    return true;
  }

  #send(): void {
    if (!this.#filled) return;
    const block = this.#block.slice(0, this.#filled);
    this.#filled = 0;
    this.port.postMessage(block, [block.buffer]);
  }
}

registerProcessor("tap", Tap);
