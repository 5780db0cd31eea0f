/** A rig file that cannot be drawn is refused, with words that find the place. */

import { expect, test } from "vitest";

import { FileFault } from "./json_reader";
import { parseRig } from "./parse_rig";
import { TINY } from "./testing/tiny_rig";

/** Return the tiny rig as JSON, with the value at a path such as `meshes.0.uvs` exchanged. */
function broken(path: string, value: unknown): unknown {
  const file = JSON.parse(JSON.stringify(TINY)) as unknown;
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const parent = keys.reduce((one, key) => (one as Record<string, unknown>)[key], file);
  (parent as Record<string, unknown>)[last] = value;
  return file;
}

test("a rig comes through as it was written", () => {
  expect(parseRig(JSON.parse(JSON.stringify(TINY)))).toEqual(TINY);
});

test.each<[path: string, value: unknown, message: string]>([
  ["version", 2, "version is 2, but only version 1 is known"],
  ["width", "wide", "width should be a number"],
  ["textures", ["../secret.png"], "textures[0] should be the name of a file beside the rig"],
  ["parameters.1.id", "ParamAngleX", "parameters holds an id twice"],
  ["parameters.0.max", -40, "parameters[0] ranges from -30 to -40"],
  ["parameters.0.default", 31, "parameters[0].default is 31, outside of -30 to 30"],
  ["warps.1.parent", 1, "warps[1].parent is 1; expected a whole number from -1 to 0"],
  ["warps.0.keys", [[0]], "warps[0].keys[0] holds 1 numbers instead of 8"],
  ["warps.0.axes.0.1", [0, 0, 1], "warps[0].axes[0][1] should ascend"],
  ["warps.1.axes.0.1", [0, 15, 30], "warps[1].keys holds 4 shapes, but its axes make 6"],
  ["meshes.0.triangles", [0, 1, 4], "meshes[0].triangles names the point 4, but there are 4"],
  ["meshes.0.triangles", [0, 1], "meshes[0].triangles should hold threes"],
  ["meshes.0.texture", 1, "meshes[0].texture is 1; expected a whole number from 0 to 0"],
  ["meshes.1.masks", [1], "meshes[1].masks[0] clips a mesh by itself"],
  ["meshes.1.opacities", [1], "meshes[1].opacities holds 1 numbers instead of 2"],
  ["meshes.1.keys.0.3", null, "meshes[1].keys[0] holds something else than a number at place 3"],
  ["hitAreas.0.mesh", 3, "hitAreas[0].mesh is 3; expected a whole number from 0 to 2"],
  [
    "expressions.1.parameters.0.id",
    "ParamTail",
    "expressions[1].parameters[0].id names the parameter ParamTail, which does not exist",
  ],
  [
    "expressions.1.parameters.0.blend",
    "subtract",
    "expressions[1].parameters[0].blend should be one of add, multiply or overwrite",
  ],
  ["motions.Idle.0.curves.0.keys", [], "motions.Idle[0].curves[0].keys is empty"],
  ["motions.Idle.0.loop", "yes", "motions.Idle[0].loop should be true or false"],
  ["physics.0.damping", 2, "physics[0].damping is 2, outside of 0 to 1"],
  ["lipSync.round", "Round", "lipSync.round names the parameter Round, which does not exist"],
  ["meshes", {}, "meshes should be a list"],
])("%s: %j", (path, value, message) => {
  expect(() => parseRig(broken(path, value))).toThrow(new FileFault(message));
});

test.each([null, 3, [], "rig"])("%j is no rig", (file) => {
  expect(() => parseRig(file)).toThrow(FileFault);
});
