/** A rig small enough to know by heart: a square head in a frame that slides, and an eye. */

import type { Mesh, Rig } from "../rig";

const FRAME_LEFT = [-20, 0, 180, 0, -20, 200, 180, 200];
const FRAME_AHEAD = [0, 0, 200, 0, 0, 200, 200, 200];
const FRAME_RIGHT = [40, 0, 240, 0, 40, 200, 240, 200];

/** Return a 2 by 2 grid over the middle of the frame whose middle point is moved. */
function head(x: number, y: number): number[] {
  const points: number[] = [];
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) {
      const middle = row === 1 && column === 1;
      points.push(0.25 + 0.25 * column + (middle ? x : 0), 0.25 + 0.25 * row + (middle ? y : 0));
    }
  }
  return points;
}

/** Return a mesh of two triangles with the given corners, of a fully opaque texture. */
function quad(id: string, corners: number[], given: Partial<Mesh> = {}): Mesh {
  return {
    id,
    parent: -1,
    texture: 0,
    axes: [],
    uvs: [0, 0, 1, 0, 0, 1, 1, 1],
    triangles: [0, 1, 2, 1, 3, 2],
    keys: [corners],
    opacities: [1],
    masks: [],
    order: 500,
    ...given,
  };
}

/** Return the corners of a rectangle. */
export function rectangle(left: number, top: number, right: number, bottom: number): number[] {
  return [left, top, right, top, left, bottom, right, bottom];
}

export const TINY: Rig = {
  version: 1,
  name: "tiny",
  width: 200,
  height: 200,
  textures: ["tiny.png"],
  parameters: [
    { id: "ParamAngleX", min: -30, max: 30, default: 0 },
    { id: "ParamAngleY", min: -30, max: 30, default: 0 },
    { id: "ParamEyeLOpen", min: 0, max: 1, default: 1 },
    { id: "ParamEyeBallX", min: -1, max: 1, default: 0 },
    { id: "ParamMouthOpenY", min: 0, max: 1, default: 0 },
    { id: "ParamMouthForm", min: -1, max: 1, default: 0 },
    { id: "ParamMouthRound", min: 0, max: 1, default: 0 },
    { id: "ParamBreath", min: 0, max: 1, default: 0 },
    { id: "ParamHair", min: -1, max: 1, default: 0 },
  ],
  warps: [
    {
      id: "frame",
      parent: -1,
      rows: 1,
      columns: 1,
      axes: [[0, [-30, 0, 30]]],
      keys: [FRAME_LEFT, FRAME_AHEAD, FRAME_RIGHT],
    },
    {
      id: "head",
      parent: 0,
      rows: 2,
      columns: 2,
      axes: [
        [0, [0, 30]],
        [1, [0, 30]],
      ],
      keys: [head(0, 0), head(0.1, 0), head(0, -0.1), head(0.1, -0.1)],
    },
  ],
  meshes: [
    quad("face", rectangle(0, 0, 1, 1), { parent: 1 }),
    quad("eye", rectangle(0.4, 0.4, 0.6, 0.6), {
      parent: 1,
      axes: [[2, [0, 1]]],
      keys: [rectangle(0.4, 0.5, 0.6, 0.5), rectangle(0.4, 0.4, 0.6, 0.6)],
      opacities: [0.5, 1],
      masks: [0],
      order: 600,
    }),
    quad("area", rectangle(50, 50, 150, 150), { opacities: [0] }),
  ],
  hitAreas: [{ name: "Head", mesh: 2 }],
  expressions: [
    { name: "neutral", fade_s: 0.5, parameters: [] },
    {
      name: "Joy",
      fade_s: 0.5,
      parameters: [
        { id: "ParamMouthForm", value: 0.8, blend: "add" },
        { id: "ParamEyeLOpen", value: 0.5, blend: "multiply" },
        { id: "ParamAngleY", value: -6, blend: "overwrite" },
      ],
    },
  ],
  motions: {
    Idle: [
      {
        duration_s: 2,
        loop: true,
        fadeIn_s: 0,
        fadeOut_s: 0.5,
        curves: [
          {
            id: "ParamAngleX",
            keys: [
              [0, 0],
              [1, 10],
              [2, 0],
            ],
          },
        ],
      },
    ],
    TapHead: [
      {
        duration_s: 1,
        loop: false,
        fadeIn_s: 0.2,
        fadeOut_s: 0.2,
        curves: [
          {
            id: "ParamAngleX",
            keys: [
              [0, -20],
              [1, -20],
            ],
          },
        ],
      },
    ],
  },
  physics: [
    {
      name: "hair",
      inputs: [{ id: "ParamAngleX", weight: 1 }],
      outputs: [{ id: "ParamHair", scale: 0.5 }],
      frequency_hz: 1,
      damping: 0.3,
    },
  ],
  lipSync: { open: "ParamMouthOpenY", form: "ParamMouthForm", round: "ParamMouthRound" },
};
