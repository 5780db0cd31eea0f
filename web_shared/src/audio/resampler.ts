/** Changes the sample rate of a stream, with a windowed sinc against aliasing and images. */

const LOBES = 12;
const CUTOFF = 0.9; // of the highest frequency that the lower rate can carry

export class Resampler {
  /** Output sample n lies at n * from / to of the input; here without common divisors. */
  readonly #from: number;
  readonly #to: number;
  /** So many input samples before and after an output sample count. */
  readonly reach: number;
  /** The weights of the input around an output sample, by where that lies between two of them. */
  readonly #kernels: (Float32Array | undefined)[] = [];
  #input: Float32Array;
  /** Where in `#input` the next output sample lies: the sample before it, and its phase after that. */
  #before: number;
  #phase = 0;

  /** @param from samples per second @param to of what comes out */
  constructor(from: number, to: number) {
    const divisor = commonDivisor(from, to);
    this.#from = from / divisor;
    this.#to = to / divisor;
    this.reach = Math.ceil((LOBES * Math.max(1, from / to)) / CUTOFF);
    this.#input = new Float32Array(this.reach);
    this.#before = this.reach;
  }

  /** Return what can be told so far at the other rate. */
  feed(samples: Float32Array): number[] {
    const input = new Float32Array(this.#input.length + samples.length);
    input.set(this.#input);
    input.set(samples, this.#input.length);
    const output: number[] = [];
    while (this.#before + this.reach + 1 < input.length) {
      output.push(this.#next(input));
      this.#phase += this.#from;
      this.#before += Math.floor(this.#phase / this.#to);
      this.#phase %= this.#to;
    }
    const done = this.#before - this.reach;
    this.#input = input.subarray(done);
    this.#before -= done;
    return output;
  }

  #next(input: Float32Array): number {
    const kernel = (this.#kernels[this.#phase] ??= this.#kernelOf(this.#phase / this.#to));
    const first = this.#before - this.reach;
    let sum = 0;
    for (let at = 0; at < kernel.length; at += 1) {
      sum += (input[first + at] ?? 0) * (kernel[at] as number);
    }
    return sum;
  }

  /** The weights for an output sample that lies `part` of a step after an input sample. */
  #kernelOf(part: number): Float32Array {
    const cutoff = CUTOFF / Math.max(1, this.#from / this.#to);
    return Float32Array.from({ length: 2 * this.reach + 2 }, (_, at) => {
      const x = at - this.reach - part;
      if (Math.abs(x) > this.reach) return 0;
      const window = 0.5 + 0.5 * Math.cos((Math.PI * x) / this.reach);
      return window * (x ? Math.sin(Math.PI * cutoff * x) / (Math.PI * x) : cutoff);
    });
  }
}

function commonDivisor(a: number, b: number): number {
  return b ? commonDivisor(b, a % b) : a;
}
