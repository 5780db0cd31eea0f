/** Lowers the sample rate of a stream, with a windowed sinc against aliasing. */

const LOBES = 12;
const CUTOFF = 0.9; // of the highest frequency that the lower rate can carry

export class Resampler {
  readonly #step: number;
  readonly #reach: number;
  #input: Float32Array;
  /** Where in `#input` the next output sample lies. */
  #position: number;

  /** @param from samples per second @param to fewer, or as many */
  constructor(from: number, to: number) {
    this.#step = from / to;
    this.#reach = Math.ceil((LOBES * this.#step) / CUTOFF);
    this.#input = new Float32Array(this.#reach);
    this.#position = this.#reach;
  }

  /** Return what can be told so far at the lower rate. */
  feed(samples: Float32Array): number[] {
    const input = new Float32Array(this.#input.length + samples.length);
    input.set(this.#input);
    input.set(samples, this.#input.length);
    const output: number[] = [];
    while (this.#position + this.#reach < input.length) {
      output.push(this.#at(input, this.#position));
      this.#position += this.#step;
    }
    const done = Math.floor(this.#position) - this.#reach;
    this.#input = input.subarray(done);
    this.#position -= done;
    return output;
  }

  #at(input: Float32Array, position: number): number {
    const cutoff = CUTOFF / this.#step;
    let sum = 0;
    for (let at = Math.ceil(position - this.#reach); at <= position + this.#reach; at += 1) {
      const x = at - position;
      const window = 0.5 + 0.5 * Math.cos((Math.PI * x) / this.#reach);
      const sinc = x ? Math.sin(Math.PI * cutoff * x) / (Math.PI * x) : cutoff;
      sum += (input[at] ?? 0) * sinc * window;
    }
    return sum;
  }
}
