/** The parameters of a rig and their values now. */

import type { Parameter } from "./rig";

/**
 * Values by index, and the ways to change them. An index of -1, which `index` returns for an id
 * that the rig does not have, changes nothing.
 *
 * A share is a part of the way from a parameter's default to its end: 1 to its maximum, -1 to its
 * minimum, so that a rig of other ranges moves alike.
 */
export class Parameters {
  readonly values: Float32Array;
  private readonly indices: ReadonlyMap<string, number>;

  constructor(readonly all: readonly Parameter[]) {
    this.values = Float32Array.from(all, (one) => one.default);
    this.indices = new Map(all.map((one, index) => [one.id, index]));
  }

  index(id: string): number {
    return this.indices.get(id) ?? -1;
  }

  reset(index: number): void {
    if (index >= 0) this.values[index] = this.parameter(index).default;
  }

  resetAll(): void {
    for (let i = 0; i < this.all.length; i++) this.reset(i);
  }

  get(index: number): number {
    return this.values[index] ?? 0;
  }

  set(index: number, value: number): void {
    if (index >= 0) this.values[index] = value;
  }

  /** Go `weight` (0..1) of the way to `value`. */
  overwrite(index: number, value: number, weight: number): void {
    if (index >= 0) this.values[index] = this.get(index) * (1 - weight) + value * weight;
  }

  add(index: number, amount: number): void {
    if (index >= 0) this.values[index] = this.get(index) + amount;
  }

  addShare(index: number, share: number): void {
    if (index >= 0) this.values[index] = this.get(index) + share * this.reach(index, share);
  }

  multiply(index: number, factor: number): void {
    if (index >= 0) this.values[index] = this.get(index) * factor;
  }

  /** Return the value as a share of the way from the default to the end of its range. */
  share(index: number): number {
    if (index < 0) return 0;
    const offset = this.get(index) - this.parameter(index).default;
    const reach = this.reach(index, offset);
    return reach > 0 ? Math.max(-1, Math.min(1, offset / reach)) : 0;
  }

  clamp(index: number): void {
    if (index < 0) return;
    const { min, max } = this.parameter(index);
    this.values[index] = Math.max(min, Math.min(max, this.get(index)));
  }

  clampAll(): void {
    for (let i = 0; i < this.all.length; i++) this.clamp(i);
  }

  parameter(index: number): Parameter {
    const found = this.all[index];
    if (!found) throw new RangeError(`There is no parameter ${index}.`);
    return found;
  }

  private reach(index: number, sign: number): number {
    const { min, max, default: rest } = this.parameter(index);
    return sign >= 0 ? max - rest : rest - min;
  }
}
