/** Reads a rig file, and refuses one that could not be drawn. */

import { Reader } from "./json_reader";
import type { Axis, Blend, Expression, Mesh, Motion, Parameter, Pendulum, Rig, Warp } from "./rig";

const BLENDS: readonly string[] = ["add", "multiply", "overwrite"];

/** Return the rig that `json`, the parsed file, holds. Throws FileFault, which says what is wrong. */
export function parseRig(json: unknown): Rig {
  const file = new Reader(json);
  const version = file.at("version");
  if (version.number() !== 1) {
    throw version.fault(`is ${version.number()}, but only version 1 is known`);
  }
  const parameters = file.at("parameters").list(parameter);
  const ids = new Set(parameters.map((one) => one.id));
  if (ids.size < parameters.length) throw file.at("parameters").fault("holds an id twice");
  const textures = file.at("textures").list((name) => fileName(name));
  const warps = file.at("warps").list((one, index) => warp(one, index, parameters));
  const count = file.at("meshes").list(() => null).length;
  const meshes = file.at("meshes").list((one, index) => {
    return mesh(one, index, { parameters, textures, warps, count });
  });
  const motions = file.at("motions");
  return {
    version: 1,
    name: file.at("name").text(),
    width: file.at("width").number(1),
    height: file.at("height").number(1),
    textures,
    parameters,
    warps,
    meshes,
    hitAreas: file.at("hitAreas").list((area) => ({
      name: area.at("name").text(),
      mesh: area.at("mesh").integer(0, meshes.length - 1),
    })),
    expressions: file.at("expressions").list((one) => expression(one, ids)),
    motions: Object.fromEntries(
      motions.keys().map((group) => [group, motions.at(group).list((one) => motion(one, ids))]),
    ),
    physics: file.at("physics").list((one) => pendulum(one, ids)),
    lipSync: {
      open: known(file.at("lipSync").at("open"), ids),
      form: known(file.at("lipSync").at("form"), ids),
      round: known(file.at("lipSync").at("round"), ids),
    },
  };
}

function fileName(reader: Reader): string {
  const name = reader.text();
  if (/[/\\]/.test(name)) throw reader.fault("should be the name of a file beside the rig");
  return name;
}

function known(reader: Reader, ids: ReadonlySet<string>): string {
  const id = reader.text();
  if (!ids.has(id)) throw reader.fault(`names the parameter ${id}, which does not exist`);
  return id;
}

function parameter(reader: Reader): Parameter {
  const min = reader.at("min").number();
  const max = reader.at("max").number();
  if (max <= min) throw reader.fault(`ranges from ${min} to ${max}`);
  return {
    id: reader.at("id").text(),
    min,
    max,
    default: reader.at("default").number(min, max),
  };
}

function axes(reader: Reader, parameters: readonly Parameter[]): Axis[] {
  return reader.list((one): Axis => {
    const [first, second] = one.list((item) => item);
    if (!first || !second) throw one.fault("should be a parameter's index and its keys");
    const keys = second.numbers();
    if (keys.length === 0) throw second.fault("is empty");
    if (keys.some((key, index) => index > 0 && key <= (keys[index - 1] ?? key))) {
      throw second.fault("should ascend");
    }
    return [first.integer(0, parameters.length - 1), keys];
  });
}

/** How many combinations the keys of some axes make. */
function combinations(of: readonly Axis[]): number {
  return of.reduce((product, [, keys]) => product * keys.length, 1);
}

function shapes(reader: Reader, of: readonly Axis[], length: number): number[][] {
  const list = reader.list((one) => one.numbers(length));
  if (list.length !== combinations(of)) {
    throw reader.fault(`holds ${list.length} shapes, but its axes make ${combinations(of)}`);
  }
  return list;
}

function warp(reader: Reader, index: number, parameters: readonly Parameter[]): Warp {
  const rows = reader.at("rows").integer(1, 256);
  const columns = reader.at("columns").integer(1, 256);
  const own = axes(reader.at("axes"), parameters);
  return {
    id: reader.at("id").text(),
    parent: reader.at("parent").integer(-1, index - 1),
    rows,
    columns,
    axes: own,
    keys: shapes(reader.at("keys"), own, (rows + 1) * (columns + 1) * 2),
  };
}

interface Known {
  parameters: readonly Parameter[];
  textures: readonly string[];
  warps: readonly Warp[];
  /** How many meshes there are. */
  count: number;
}

function mesh(reader: Reader, index: number, all: Known): Mesh {
  const own = axes(reader.at("axes"), all.parameters);
  const uvs = reader.at("uvs").numbers();
  if (uvs.length % 2 !== 0) throw reader.at("uvs").fault("should hold pairs");
  const triangles = reader.at("triangles").numbers();
  if (triangles.length % 3 !== 0) throw reader.at("triangles").fault("should hold threes");
  const vertices = uvs.length / 2;
  const wrong = triangles.find((one) => !Number.isInteger(one) || one < 0 || one >= vertices);
  if (wrong !== undefined) {
    throw reader.at("triangles").fault(`names the point ${wrong}, but there are ${vertices}`);
  }
  const opacities = reader.at("opacities");
  const masks = reader.at("masks").list((one) => {
    const mask = one.integer(0, all.count - 1);
    if (mask === index) throw one.fault("clips a mesh by itself");
    return mask;
  });
  return {
    id: reader.at("id").text(),
    parent: reader.at("parent").integer(-1, all.warps.length - 1),
    texture: reader.at("texture").integer(0, all.textures.length - 1),
    axes: own,
    uvs,
    triangles,
    keys: shapes(reader.at("keys"), own, uvs.length),
    opacities: opacities.numbers(combinations(own)),
    masks,
    order: reader.at("order").number(),
  };
}

function expression(reader: Reader, ids: ReadonlySet<string>): Expression {
  return {
    name: reader.at("name").text(),
    fade_s: reader.at("fade_s").number(0),
    parameters: reader.at("parameters").list((one) => {
      const blend = one.at("blend").text();
      if (!BLENDS.includes(blend))
        throw one.at("blend").fault("should be one of add, multiply or overwrite");
      return {
        id: known(one.at("id"), ids),
        value: one.at("value").number(),
        blend: blend as Blend,
      };
    }),
  };
}

function motion(reader: Reader, ids: ReadonlySet<string>): Motion {
  return {
    duration_s: reader.at("duration_s").number(0.01),
    loop: reader.at("loop").flag(),
    fadeIn_s: reader.at("fadeIn_s").number(0),
    fadeOut_s: reader.at("fadeOut_s").number(0),
    curves: reader.at("curves").list((curve) => {
      const keys = curve.at("keys").list((key): [number, number] => {
        const [time = 0, value = 0] = key.numbers(2);
        return [time, value];
      });
      if (keys.length === 0) throw curve.at("keys").fault("is empty");
      if (keys.some(([time], index) => index > 0 && time <= (keys[index - 1]?.[0] ?? time))) {
        throw curve.at("keys").fault("should ascend in time");
      }
      return { id: known(curve.at("id"), ids), keys };
    }),
  };
}

function pendulum(reader: Reader, ids: ReadonlySet<string>): Pendulum {
  return {
    name: reader.at("name").text(),
    inputs: reader.at("inputs").list((one) => ({
      id: known(one.at("id"), ids),
      weight: one.at("weight").number(),
    })),
    outputs: reader.at("outputs").list((one) => ({
      id: known(one.at("id"), ids),
      scale: one.at("scale").number(),
    })),
    frequency_hz: reader.at("frequency_hz").number(0.01, 60),
    damping: reader.at("damping").number(0, 1),
  };
}
