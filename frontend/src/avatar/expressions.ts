/** Fades between expressions. */

import { smooth } from "./curves";
import type { Parameters } from "./parameters";
import type { Expression } from "./rig";

interface Change {
  readonly parameter: number;
  readonly value: number;
  readonly blend: "add" | "multiply" | "overwrite";
}

/** One expression is wanted at a time; the others fade away. Each fades in its own time. */
export class Expressions {
  private readonly fallback: number;
  private wanted: number;
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

  /** Want an expression; null is the default one. An unknown one is ignored. */
  want(expression: string | number | null): void {
    const found = expression === null ? this.fallback : this.find(expression);
    if (found >= 0) this.wanted = found;
  }

  step(dt_s: number): void {
    // The old and the new one fade in the time of the new one, so that their sum stays 1.
    const fade_s = this.all[this.wanted]?.fade_s ?? 0;
    const change = fade_s > 0 ? dt_s / fade_s : 1;
    for (let i = 0; i < this.weights.length; i++) {
      const weight = (this.weights[i] as number) + (i === this.wanted ? change : -change);
      this.weights[i] = Math.max(0, Math.min(1, weight));
    }
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
