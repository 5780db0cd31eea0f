/** The curves of a motion: smooth, and never beyond the values they were drawn with. */

/** Ease a share of a way: slow at both ends; 0 and 1 outside. */
export function smooth(share: number): number {
  const t = Math.max(0, Math.min(1, share));
  return t * t * (3 - 2 * t);
}

/**
 * A cubic through keys, monotone between them: tangents after F. N. Fritsch and J. Butland, "A
 * method for constructing local monotone piecewise cubic interpolants" (SIAM J. Sci. Stat. Comput.
 * 5, 1984), which are 0 at turning points. At both ends the curve is flat, or, if it is a loop that
 * ends with the value it began with, goes on smoothly.
 */
export class Curve {
  private readonly times: Float64Array;
  private readonly values: Float64Array;
  private readonly tangents: Float64Array;
  private segment = 0;

  /** `keys` ascend in time, at least one; a loop of `period_s` if that is given. */
  constructor(keys: readonly (readonly [number, number])[], period_s: number | null = null) {
    this.times = Float64Array.from(keys, ([time]) => time);
    this.values = Float64Array.from(keys, ([, value]) => value);
    const last = keys.length - 1;
    this.tangents = Float64Array.from(keys, (_, i) =>
      i > 0 && i < last ? this.tangent(i - 1, i, i, i + 1) : 0,
    );
    const closed =
      period_s !== null &&
      last > 1 &&
      this.values[0] === this.values[last] &&
      Math.abs(this.span(0, last) - period_s) < 1e-6;
    if (closed) this.tangents[0] = this.tangents[last] = this.tangent(last - 1, last, 0, 1);
  }

  /** Return the value at a time; that of the nearest key outside of the keys. */
  at(time_s: number): number {
    const { times, values, tangents } = this;
    const last = times.length - 1;
    if (time_s <= (times[0] as number)) return values[0] as number;
    if (time_s >= (times[last] as number)) return values[last] as number;
    // Time mostly goes on a little, so the last segment, or the next, is mostly the one.
    let i = this.segment;
    if (time_s < (times[i] as number)) i = 0;
    while (time_s >= (times[i + 1] as number)) i++;
    this.segment = i;
    const length = this.span(i, i + 1);
    const t = (time_s - (times[i] as number)) / length;
    const back = t - 1;
    return (
      (1 + 2 * t) * back * back * (values[i] as number) +
      t * back * back * length * (tangents[i] as number) +
      t * t * (3 - 2 * t) * (values[i + 1] as number) +
      t * t * back * length * (tangents[i + 1] as number)
    );
  }

  private span(from: number, to: number): number {
    return (this.times[to] as number) - (this.times[from] as number);
  }

  private slope(from: number, to: number): number {
    return ((this.values[to] as number) - (this.values[from] as number)) / this.span(from, to);
  }

  /** The tangent between the segment from a to b and the one from c to d. */
  private tangent(a: number, b: number, c: number, d: number): number {
    const [before, after] = [this.slope(a, b), this.slope(c, d)];
    if (before * after <= 0) return 0;
    const weight =
      (this.span(a, b) + 2 * this.span(c, d)) / (3 * (this.span(a, b) + this.span(c, d)));
    return (before * after) / (weight * after + (1 - weight) * before);
  }
}
