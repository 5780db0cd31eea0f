/** Where a drawing of one size goes on a stage of another, and how it is moved about there. */

import type { ModelInfo } from "./model_info";
import type { Placement } from "./types";

/** Of something with a width and a height; px. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** From the drawing to the stage, both in px: x * scale + x0, y * scale + y0. */
export interface Fit {
  scale: number;
  x0: number;
  y0: number;
}

export const AT_REST: Placement = { scale: 1, x: 0, y: 0 };
/** How much wider than a narrow stage a drawing may be: what it has at its sides is mostly air. */
const OVERHANG = 1.4;
export const SMALLEST = 0.3;
export const LARGEST = 4;

/**
 * Return where a drawing goes: as large as fits, standing on the bottom of the stage; then scaled
 * around the stage's middle, and moved. The model's own scale and shifts come first. It is never
 * above the ground: many are drawn to the waist, and the cut would be seen.
 */
export function fit(drawing: Size, stage: Size, placement: Placement, model: ModelInfo): Fit {
  const wanted = free(drawing, stage, placement, model);
  return { ...wanted.fit, y0: Math.max(wanted.fit.y0, wanted.lowest_y0) };
}

/** Return where she stands for real when she is put somewhere: not above the ground. */
export function grounded(
  drawing: Size,
  stage: Size,
  placement: Placement,
  model: ModelInfo,
): Placement {
  if (stage.width === 0 || stage.height === 0) return placement;
  const wanted = free(drawing, stage, placement, model);
  const lift = Math.max(0, wanted.lowest_y0 - wanted.fit.y0);
  return { ...placement, y: placement.y + lift / stage.height };
}

/** Where a drawing would go without any ground, and where it stands on the ground. */
function free(
  drawing: Size,
  stage: Size,
  placement: Placement,
  model: ModelInfo,
): { fit: Fit; lowest_y0: number } {
  const widest = (stage.width * OVERHANG) / drawing.width;
  const whole = Math.min(widest, stage.height / drawing.height);
  const own = whole * 2 * (model.kScale ?? 0.5);
  const x = (stage.width - own * drawing.width) / 2 + (model.initialXshift ?? 0);
  // A larger one keeps her head in sight, a smaller one her feet on the ground.
  const y = Math.max(0, stage.height - own * drawing.height) + (model.initialYshift ?? 0);
  const [middleX, middleY] = [stage.width / 2, stage.height / 2];
  const scale = own * placement.scale;
  // Who made a model may have lifted it above the stage's edge.
  const ground = Math.min(stage.height, y + own * drawing.height);
  return {
    fit: {
      scale,
      x0: middleX + (x - middleX) * placement.scale + placement.x * stage.width,
      y0: middleY + (y - middleY) * placement.scale + placement.y * stage.height,
    },
    lowest_y0: ground - scale * drawing.height,
  };
}

/** Return the nearest placement that leaves her in sight. */
export function clamped({ scale, x, y }: Placement): Placement {
  const size = Math.max(SMALLEST, Math.min(LARGEST, scale));
  const reach = Math.max(0.5, size * 0.6);
  return {
    scale: size,
    x: Math.max(-reach, Math.min(reach, x)),
    y: Math.max(-reach, Math.min(reach, y)),
  };
}

/** Move by fractions of the stage. */
export function moved(from: Placement, x: number, y: number): Placement {
  return clamped({ scale: from.scale, x: from.x + x, y: from.y + y });
}

/** Scale by a factor around a place of the stage, in fractions from its middle. */
export function zoomed(from: Placement, factor: number, x: number, y: number): Placement {
  const scale = Math.max(SMALLEST, Math.min(LARGEST, from.scale * factor));
  const real = scale / from.scale;
  return clamped({ scale, x: x - real * (x - from.x), y: y - real * (y - from.y) });
}
