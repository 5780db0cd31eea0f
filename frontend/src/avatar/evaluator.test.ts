/** The evaluator, on a rig whose answers were worked out by hand. */

import { expect, test } from "vitest";

import { Evaluator } from "./evaluator";
import { Parameters } from "./parameters";
import { TINY } from "./testing/tiny_rig";

const FACE = 0;
const EYE = 1;
const AREA = 2;

/** Return an evaluator at values given by id. */
function at(values: Record<string, number>): Evaluator {
  const evaluator = new Evaluator(TINY);
  evaluator.evaluate(valuesOf(values));
  return evaluator;
}

function valuesOf(values: Record<string, number>): Float32Array {
  const parameters = new Parameters(TINY.parameters);
  for (const [id, value] of Object.entries(values)) parameters.set(parameters.index(id), value);
  return parameters.values;
}

function points(evaluator: Evaluator, mesh: number): number[] {
  const [from, to] = [evaluator.starts[mesh] ?? 0, evaluator.starts[mesh + 1] ?? 0];
  return [...evaluator.positions.slice(2 * from, 2 * to)].map((value) => +value.toFixed(3));
}

test("at rest the head lies in the middle of the frame", () => {
  expect(points(at({}), FACE)).toEqual([50, 50, 150, 50, 50, 150, 150, 150]);
  expect(points(at({}), EYE)).toEqual([90, 90, 110, 90, 90, 110, 110, 110]);
});

test("between two keys a shape lies between them, on each side by its own key", () => {
  expect(points(at({ ParamAngleX: 15 }), FACE)[0]).toBe(70); // half of the way to 40 px
  expect(points(at({ ParamAngleX: -15 }), FACE)[0]).toBe(40); // half of the way to -20 px
});

test("beyond its keys a shape stays as it is at the last one", () => {
  expect(points(at({ ParamAngleX: 90 }), FACE)).toEqual(points(at({ ParamAngleX: 30 }), FACE));
});

test("two axes are blended over all four of their shapes", () => {
  // The middle of the head moves by 0.1 of 200 px to the right, times 1/2, and up, times 1/3;
  // the frame by 40 px, times 1/2. The eye's corners lie 1/5 of a cell off that middle.
  const eye = points(at({ ParamAngleX: 15, ParamAngleY: 10 }), EYE);
  const [dx, dy] = [20 + 10 * 0.8 * 0.8, -(20 / 3) * 0.8 * 0.8];
  expect(eye[0]).toBeCloseTo(90 + dx, 3);
  expect(eye[1]).toBeCloseTo(90 + dy, 3);
  expect(eye[6]).toBeCloseTo(110 + dx, 3);
  expect(eye[7]).toBeCloseTo(110 + dy, 3);
});

test("opacity is blended like shape", () => {
  expect(at({ ParamEyeLOpen: 0.5 }).opacities[EYE]).toBeCloseTo(0.75, 6);
  expect(at({ ParamEyeLOpen: 0 }).opacities[EYE]).toBeCloseTo(0.5, 6);
});

test("a point beyond a warp's edge continues the cell at the edge", () => {
  const rig = structuredClone(TINY) as typeof TINY & { meshes: { keys: number[][] }[] };
  rig.meshes[0]?.keys.splice(0, 1, [-0.5, 0, 1.5, 0, 0, 1, 1, 1]);
  const evaluator = new Evaluator(rig);
  evaluator.evaluate(valuesOf({}));
  expect([...evaluator.positions.slice(0, 4)]).toEqual([0, 50, 200, 50]);
});

test("what does not change is not computed anew", () => {
  const evaluator = at({});
  expect([evaluator.moved, evaluator.faded]).toEqual([true, true]);
  evaluator.evaluate(valuesOf({}));
  expect([evaluator.moved, evaluator.faded]).toEqual([false, false]);
  evaluator.evaluate(valuesOf({ ParamHair: 1 })); // no shape depends on it
  expect([evaluator.moved, evaluator.faded]).toEqual([false, false]);
  evaluator.evaluate(valuesOf({ ParamAngleX: 1 }));
  expect([evaluator.moved, evaluator.faded]).toEqual([true, false]);
  evaluator.evaluate(valuesOf({ ParamAngleX: 1, ParamEyeLOpen: 0.3 }));
  expect([evaluator.moved, evaluator.faded]).toEqual([true, true]);
});

test("a long way in small steps ends where one large step does", () => {
  const evaluator = at({});
  for (let i = 0; i <= 4000; i++) {
    evaluator.evaluate(valuesOf({ ParamAngleX: (20 * i) / 4000, ParamAngleY: i / 400 }));
  }
  const direct = points(at({ ParamAngleX: 20, ParamAngleY: 10 }), EYE);
  points(evaluator, EYE).forEach((value, i) => expect(value).toBeCloseTo(direct[i] ?? NaN, 1));
});

test("hit areas are tested by their triangles", () => {
  const evaluator = at({});
  expect(evaluator.contains(AREA, 51, 149)).toBe(true);
  expect(evaluator.contains(AREA, 100, 100)).toBe(true); // on the edge between both
  expect(evaluator.contains(AREA, 49, 100)).toBe(false);
  expect(evaluator.contains(AREA, 100, 151)).toBe(false);
  expect(evaluator.middle(AREA)).toEqual([100, 100]);
});
