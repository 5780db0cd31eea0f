/** Fades between expressions. */

import { smooth } from "./curves";
import type { Parameters } from "./parameters";
import type { Expression } from "./rig";

interface Change {
  readonly parameter: number;
  readonly value: number;
  readonly blend: "add" | "multiply" | "overwrite";
}

/**
 * One expression is wanted at a time, or some of it and the rest of the default one; the others fade
 * away. Each fades in its own time.
 */
export class Expressions {
  private readonly fallback: number;
  private wanted: number;
  private strength = 1;
  private readonly weights: Float32Array;
  private readonly changes: readonly (readonly Change[])[];

  /** `fallback`, the default expression, is there from the start; the first if it is unknown. */
  constructor(
    private readonly all: readonly Expression[],
    parameters: Parameters,
    fallback: string | number,
  ) {
    this.fallback = Math.max(0, this.find(fallback));
    this.wanted = this.fallback;
    this.weights = new Float32Array(all.length);
    if (all.length > 0) this.weights[this.fallback] = 1;
    this.changes = all.map((expression) =>
      expression.parameters.map(({ id, value, blend }) => {
        return { parameter: parameters.index(id), value, blend };
      }),
    );
  }

  /** Return the index of an expression by name, whatever its case, or by index; -1 if unknown. */
  find(expression: string | number): number {
    if (typeof expression === "number") return this.all[expression] ? expression : -1;
    const name = expression.toLowerCase();
    return this.all.findIndex((one) => one.name.toLowerCase() === name);
  }

  /** Want so much of an expression, 0..1; null is the default one. An unknown one is ignored. */
  want(expression: string | number | null, strength = 1): void {
    const found = expression === null ? this.fallback : this.find(expression);
    if (found < 0) return;
    this.wanted = found;
    this.strength = found === this.fallback ? 1 : Math.max(0, Math.min(1, strength));
  }

  step(dt_s: number): void {
    // The old and the new one fade in the time of the new one, so that their sum stays 1.
    const fade_s = this.all[this.wanted]?.fade_s ?? 0;
    const change = fade_s > 0 ? dt_s / fade_s : 1;
    for (let i = 0; i < this.weights.length; i++) {
      const weight = this.weights[i] as number;
      const left = this.share(i) - weight;
      this.weights[i] = weight + Math.max(-change, Math.min(change, left));
    }
  }

  /** Return how much there is of an expression once nothing fades any more. */
  private share(index: number): number {
    if (index === this.wanted) return this.strength;
    return index === this.fallback ? 1 - this.strength : 0;
  }

  apply(parameters: Parameters): void {
    for (let i = 0; i < this.weights.length; i++) {
      const weight = smooth(this.weights[i] as number);
      if (weight === 0) continue;
      for (const { parameter, value, blend } of this.changes[i] as readonly Change[]) {
        if (blend === "add") parameters.add(parameter, value * weight);
        else if (blend === "multiply") parameters.multiply(parameter, 1 + (value - 1) * weight);
        else parameters.overwrite(parameter, value, weight);
      }
    }
  }
}
