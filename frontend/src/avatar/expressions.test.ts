/** Expressions fade, and are shown as strongly as they are felt. */

import { expect, test } from "vitest";

import { Expressions } from "./expressions";
import { Parameters } from "./parameters";
import type { Expression } from "./rig";

function expression(name: string, id: string): Expression {
  return { name, fade_s: 0.5, parameters: [{ id, value: 1, blend: "add" }] };
}

const ALL = [expression("neutral", "calm"), expression("joy", "smile"), expression("sad", "tears")];

function values(steps: (one: Expressions) => void): Record<string, number> {
  const range = { min: -1, max: 1, default: 0 };
  const parameters = new Parameters(["calm", "smile", "tears"].map((id) => ({ id, ...range })));
  const expressions = new Expressions(ALL, parameters, "neutral");
  steps(expressions);
  expressions.apply(parameters);
  return Object.fromEntries(
    ["calm", "smile", "tears"].map((id) => [id, parameters.get(parameters.index(id))]),
  );
}

test("an expression is shown whole once it has faded in", () => {
  expect(
    values((one) => {
      one.want("joy");
      one.step(1);
    }),
  ).toEqual({ calm: 0, smile: 1, tears: 0 });
});

test("a mild one is half of it, and half of the default", () => {
  expect(
    values((one) => {
      one.want("JOY", 0.5);
      one.step(0.1);
      one.step(1);
    }),
  ).toEqual({ calm: 0.5, smile: 0.5, tears: 0 });
});

test("what is felt less goes back, and nothing of the one before stays", () => {
  expect(
    values((one) => {
      one.want(1);
      one.step(1);
      one.want("sad", 0.5);
      one.step(1);
      one.want("unknown", 0.1);
      one.step(1);
    }),
  ).toEqual({ calm: 0.5, smile: 0, tears: 0.5 });
});

test("the default is always whole", () => {
  expect(
    values((one) => {
      one.want("joy", 0.5);
      one.step(1);
      one.want("neutral", 0.5);
      one.step(1);
    }),
  ).toEqual({ calm: 1, smile: 0, tears: 0 });
});
