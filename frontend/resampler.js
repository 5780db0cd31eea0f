// @ts-check
/** Lowers the sample rate of a stream, with a windowed sinc against aliasing. */

const LOBES = 12;
const CUTOFF = 0.9; // of the highest frequency that the lower rate can carry

export class Resampler {
  #step;
  #reach;
  /** @type {Float32Array} */
  #input;
  /** Where in `#input` the next output sample lies. */
  #position;

  /** @param {number} from samples per second @param {number} to fewer, or as many */
  constructor(from, to) {
    this.#step = from / to;
    this.#reach = Math.ceil((LOBES * this.#step) / CUTOFF);
    this.#input = new Float32Array(this.#reach);
    this.#position = this.#reach;
  }

  /** @param {Float32Array} samples @returns {number[]} what can be told so far at the lower rate */
  feed(samples) {
    const input = new Float32Array(this.#input.length + samples.length);
    input.set(this.#input);
    input.set(samples, this.#input.length);
    const output = [];
    while (this.#position + this.#reach < input.length) {
      output.push(this.#at(input, this.#position));
      this.#position += this.#step;
    }
    const done = Math.floor(this.#position) - this.#reach;
    this.#input = input.subarray(done);
    this.#position -= done;
    return output;
  }

  /** @param {Float32Array} input @param {number} position */
  #at(input, position) {
    const cutoff = CUTOFF / this.#step;
    let sum = 0;
    for (let at = Math.ceil(position - this.#reach); at <= position + this.#reach; at += 1) {
      const x = at - position;
      const window = 0.5 + 0.5 * Math.cos((Math.PI * x) / this.#reach);
      const sinc = x ? Math.sin(Math.PI * cutoff * x) / (Math.PI * x) : cutoff;
      sum += input[at] * sinc * window;
    }
    return sum;
  }
}
