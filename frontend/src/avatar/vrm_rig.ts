/** A VRM as the animator knows characters: parameters, faces and small motions; it draws nothing. */

import type { Expression, Motion, Parameter, Rig } from "./rig";

/** The expressions of VRM that the voice, the blinking and the gaze move; a face is none of them. */
export const MOUTHS = ["aa", "ih", "ou", "ee", "oh"] as const;
const MOVED: ReadonlySet<string> = new Set([
  ...MOUTHS,
  ...["blink", "blinkLeft", "blinkRight", "lookUp", "lookDown", "lookLeft", "lookRight"],
]);
export const NEUTRAL = "neutral";
const FADE_S = 0.25;

/** Degrees, as Live2D's standard parameters have them. */
const ANGLES = ["ParamAngleX", "ParamAngleY", "ParamAngleZ"] as const;
const BODY = ["ParamBodyAngleX", "ParamBodyAngleY", "ParamBodyAngleZ"] as const;

/** Return the id of the parameter that is how much of a face there is, 0..1. */
export function faceId(name: string): string {
  return `face ${name}`;
}

/** Return those of a VRM's expressions that are faces, the neutral one first. */
export function facesOf(expressions: readonly string[]): string[] {
  return [NEUTRAL, ...expressions.filter((one) => one !== NEUTRAL && !MOVED.has(one))];
}

/** Return what the animator moves of a VRM with these faces. */
export function vrmRig(faces: readonly string[]): Rig {
  return {
    version: 1,
    name: "vrm",
    width: 1,
    height: 1,
    textures: [],
    parameters: [
      ...ANGLES.map((id) => parameter(id, -30, 30, 0)),
      ...BODY.map((id) => parameter(id, -10, 10, 0)),
      parameter("ParamEyeBallX", -1, 1, 0),
      parameter("ParamEyeBallY", -1, 1, 0),
      parameter("ParamEyeLOpen", 0, 1, 1),
      parameter("ParamEyeROpen", 0, 1, 1),
      parameter("ParamBreath", 0, 1, 0),
      parameter("ParamMouthOpenY", 0, 1, 0),
      parameter("ParamMouthForm", -1, 1, 0),
      parameter("ParamMouthRound", 0, 1, 0),
      ...faces.map((face) => parameter(faceId(face), 0, 1, 0)),
    ],
    warps: [],
    meshes: [],
    hitAreas: [],
    expressions: faces.map(expression),
    motions: MOTIONS,
    physics: [],
    lipSync: { open: "ParamMouthOpenY", form: "ParamMouthForm", round: "ParamMouthRound" },
  };
}

function parameter(id: string, min: number, max: number, rest: number): Parameter {
  return { id, min, max, default: rest };
}

function expression(name: string): Expression {
  return {
    name,
    fade_s: FADE_S,
    parameters: [{ id: faceId(name), value: 1, blend: "add" }],
  };
}

type Keys = readonly (readonly [time_s: number, value: number])[];

function motion(duration_s: number, curves: Readonly<Record<string, Keys>>): Motion {
  return {
    duration_s,
    loop: false,
    fadeIn_s: 0.15,
    fadeOut_s: 0.3,
    curves: Object.entries(curves).map(([id, keys]) => ({ id, keys })),
  };
}

/** What a VRM has no files for, and every character does: she greets, and answers a touch. */
const MOTIONS: Readonly<Record<string, readonly Motion[]>> = {
  Greeting: [
    motion(1.4, {
      ParamAngleY: [
        [0, 0],
        [0.4, -14],
        [0.9, 4],
        [1.4, 0],
      ],
      ParamBodyAngleY: [
        [0, 0],
        [0.45, -4],
        [1.1, 0],
      ],
    }),
  ],
  TapHead: [
    motion(1.2, {
      ParamAngleZ: [
        [0, 0],
        [0.3, 14],
        [0.8, 10],
        [1.2, 0],
      ],
      ParamAngleY: [
        [0, 0],
        [0.3, -8],
        [1.2, 0],
      ],
    }),
  ],
  TapBody: [
    motion(1.1, {
      ParamBodyAngleX: [
        [0, 0],
        [0.25, -7],
        [0.6, 4],
        [1.1, 0],
      ],
      ParamAngleX: [
        [0, 0],
        [0.3, 10],
        [1.1, 0],
      ],
    }),
  ],
};

/** Which of them answers a tap where, unless the entry of the model says otherwise. */
export const TAPS = { Head: { TapHead: 1 }, Body: { TapBody: 1 } } as const;
