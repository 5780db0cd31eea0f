/** Where she stands on stages of several shapes, and how gestures move her. */

import { describe, expect, test } from "vitest";

import {
  AT_REST,
  clamped,
  fit,
  grounded,
  LARGEST,
  moved,
  SMALLEST,
  zoomed,
  type Fit,
} from "./placing";

const WREN = { width: 1200, height: 1600 };
const MODEL = { url: "/wren.model3.json" };

test("on a wide stage she is as high as it is, in its middle", () => {
  expect(fit(WREN, { width: 1600, height: 800 }, AT_REST, MODEL)).toEqual({
    scale: 0.5,
    x0: 500,
    y0: 0,
  });
});

test("on a narrow stage her sides stand out of it", () => {
  const { scale, x0, y0 } = fit(WREN, { width: 300, height: 800 }, AT_REST, MODEL);
  expect([scale, x0, y0].map((value) => Number(value.toFixed(6)))).toEqual([0.35, -60, 240]);
});

test("the model's own scale is doubled, and its shifts are px", () => {
  const model = { ...MODEL, kScale: 0.25, initialXshift: 10, initialYshift: -20 };
  expect(fit(WREN, { width: 1600, height: 800 }, AT_REST, model)).toEqual({
    scale: 0.25,
    x0: 660,
    y0: 380,
  });
});

test("a placement scales around the middle of the stage and moves by its size", () => {
  const stage = { width: 1600, height: 800 };
  const { scale, x0, y0 } = fit(WREN, stage, { scale: 2, x: 0.25, y: -0.5 }, MODEL);
  expect(scale).toBe(1);
  expect([x0 + 600, y0 + 800]).toEqual([800 + 400, 400 - 400]);
});

describe("a gesture", () => {
  test("that scales leaves what is under it where it is", () => {
    const stage = { width: 1000, height: 500 };
    const from = { scale: 1.2, x: 0.1, y: -0.05 };
    const to = zoomed(from, 1.5, 0.2, 0.1);
    const [pointX, pointY] = [0.7 * stage.width, 0.6 * stage.height];
    const before = fit(WREN, stage, from, MODEL);
    const after = fit(WREN, stage, to, MODEL);
    expect((pointX - after.x0) / after.scale).toBeCloseTo((pointX - before.x0) / before.scale, 6);
    expect((pointY - after.y0) / after.scale).toBeCloseTo((pointY - before.y0) / before.scale, 6);
  });

  test("never loses her", () => {
    expect(zoomed(AT_REST, 1e9, 0, 0).scale).toBe(LARGEST);
    expect(zoomed(AT_REST, 1e-9, 0, 0).scale).toBe(SMALLEST);
    const far = moved(AT_REST, 50, -50);
    expect([far.x, far.y]).toEqual([0.6, -0.6]);
    expect(clamped({ scale: 2, x: 9, y: 0 })).toEqual({ scale: 2, x: 1.2, y: 0 });
  });
});

describe("the ground", () => {
  const stage = { width: 1000, height: 500 };
  const lowerEdge = ({ scale, y0 }: Fit): number => y0 + scale * WREN.height;

  test("is never left, however small she is and wherever she is put", () => {
    for (const scale of [SMALLEST, 0.5, 1, 2, LARGEST]) {
      for (const y of [-2, -0.5, 0, 0.3]) {
        for (const size of [stage, { width: 300, height: 800 }, { width: 640, height: 360 }]) {
          const edge = lowerEdge(fit(WREN, size, { scale, x: 0, y }, MODEL));
          expect(edge).toBeGreaterThanOrEqual(size.height - 1e-6);
        }
      }
    }
  });

  test("is as high as who made the model has put it", () => {
    const model = { ...MODEL, initialYshift: -20 };
    expect(lowerEdge(fit(WREN, stage, { scale: 0.5, x: 0, y: 0 }, model))).toBeCloseTo(480, 6);
  });

  test("scaling down and up again leads back", () => {
    const small = zoomed(AT_REST, 0.5, 0, -0.2);
    expect(lowerEdge(fit(WREN, stage, small, MODEL))).toBeCloseTo(500, 6);
    const back = zoomed(small, 2, 0, -0.2);
    expect([back.scale, back.y]).toEqual([1, expect.closeTo(0, 9)]);
  });

  test("a move goes on from where she is seen", () => {
    const small = { scale: 0.5, x: 0, y: 0 };
    const real = grounded(WREN, stage, small, MODEL);
    expect(real).toEqual({ scale: 0.5, x: 0, y: 0.25 });
    expect(fit(WREN, stage, real, MODEL)).toEqual(fit(WREN, stage, small, MODEL));
    expect(grounded(WREN, stage, real, MODEL)).toEqual(real);
    expect(grounded(WREN, { width: 0, height: 0 }, small, MODEL)).toEqual(small);
  });
});
