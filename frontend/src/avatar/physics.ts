/** What swings by itself: hair, and whatever else hangs. */

import type { Parameters } from "./parameters";
import type { Pendulum } from "./rig";
import { Spring } from "./springs";

interface Hanging {
  readonly spring: Spring;
  readonly inputs: readonly { readonly parameter: number; readonly weight: number }[];
  readonly outputs: readonly { readonly parameter: number; readonly scale: number }[];
}

/**
 * Each entry of a rig's `physics` is a spring that follows the weighted sum of its inputs, as shares
 * of their ranges (-1..1); its deflection times `scale` is what the outputs become.
 */
export class Physics {
  private readonly all: readonly Hanging[];

  constructor(entries: readonly Pendulum[], parameters: Parameters) {
    this.all = entries.map((entry) => ({
      spring: new Spring(entry.frequency_hz, entry.damping),
      inputs: entry.inputs.map(({ id, weight }) => ({ parameter: parameters.index(id), weight })),
      outputs: entry.outputs.map(({ id, scale }) => ({ parameter: parameters.index(id), scale })),
    }));
  }

  step(parameters: Parameters, dt_s: number): void {
    for (const { spring, inputs, outputs } of this.all) {
      let target = 0;
      for (const { parameter, weight } of inputs) target += weight * parameters.share(parameter);
      const deflection = spring.step(target, dt_s);
      for (const { parameter, scale } of outputs) {
        parameters.set(parameter, scale * deflection);
        parameters.clamp(parameter);
      }
    }
  }
}
