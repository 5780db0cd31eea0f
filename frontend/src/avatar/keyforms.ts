/** Shapes between the shapes that were drawn: multilinear interpolation over a part's axes. */

import type { Axis } from "./rig";

/**
 * The shapes of one part, and how much of each the present parameters ask for.
 *
 * With n axes a value lies between at most 2^n shapes; their numbers and weights are kept in
 * arrays of that size, so that nothing is allocated while moving.
 */
export class Keyforms {
  private readonly forms: readonly Float32Array[];
  private readonly chosen: Int32Array;
  private readonly weights: Float32Array;
  private readonly last: Float32Array;
  private readonly tolerances: Float32Array;
  private count = 0;

  /** `ranges` holds max - min of every parameter: what moves less than 1e-5 of it is at rest. */
  constructor(
    private readonly axes: readonly Axis[],
    forms: readonly (readonly number[])[],
    ranges: Float32Array,
  ) {
    this.forms = forms.map((form) => Float32Array.from(form));
    this.chosen = new Int32Array(1 << axes.length);
    this.weights = new Float32Array(1 << axes.length);
    this.last = new Float32Array(axes.length).fill(NaN);
    this.tolerances = Float32Array.from(axes, ([parameter]) => (ranges[parameter] ?? 0) * 1e-5);
  }

  /** Take the parameters' values; return whether the shape differs from that of the last call. */
  locate(values: Float32Array): boolean {
    let changed = this.count === 0;
    for (let i = 0; i < this.axes.length; i++) {
      const value = values[(this.axes[i] as Axis)[0]] as number;
      // Comparing with NaN is false, so that the first call counts as a change.
      if (!(Math.abs(value - (this.last[i] as number)) <= (this.tolerances[i] as number))) {
        this.last[i] = value;
        changed = true;
      }
    }
    if (changed) this.weigh();
    return changed;
  }

  /** Write the shape to `out`, which has the length of every form. */
  blend(out: Float32Array): void {
    for (let c = 0; c < this.count; c++) {
      const form = this.forms[this.chosen[c] as number] as Float32Array;
      const weight = this.weights[c] as number;
      if (c === 0) {
        for (let n = 0; n < out.length; n++) out[n] = (form[n] as number) * weight;
      } else {
        for (let n = 0; n < out.length; n++) {
          out[n] = (out[n] as number) + (form[n] as number) * weight;
        }
      }
    }
  }

  /** Return the weighted mean of one number per shape. */
  mean(numbers: Float32Array): number {
    let sum = 0;
    for (let c = 0; c < this.count; c++) {
      sum += (numbers[this.chosen[c] as number] as number) * (this.weights[c] as number);
    }
    return sum;
  }

  private weigh(): void {
    this.count = 1;
    this.chosen[0] = 0;
    this.weights[0] = 1;
    let stride = 1;
    for (let i = 0; i < this.axes.length; i++) {
      const keys = (this.axes[i] as Axis)[1];
      const value = this.last[i] as number;
      let low = 0;
      while (low < keys.length - 2 && value > (keys[low + 1] as number)) low++;
      const from = keys[low] as number;
      const span = keys.length > 1 ? (keys[low + 1] as number) - from : 1;
      const part = keys.length > 1 ? Math.max(0, Math.min(1, (value - from) / span)) : 0;
      const before = this.count;
      for (let c = 0; c < before; c++) {
        const base = this.chosen[c] as number;
        const weight = this.weights[c] as number;
        if (part <= 0 || part >= 1) {
          this.chosen[c] = base + (low + part) * stride;
          continue;
        }
        this.chosen[c] = base + low * stride;
        this.weights[c] = weight * (1 - part);
        this.chosen[this.count] = base + (low + 1) * stride;
        this.weights[this.count] = weight * part;
        this.count++;
      }
      stride *= keys.length;
    }
  }
}
