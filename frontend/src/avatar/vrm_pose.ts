/** From the parameters of the animator to the bones, mouths and lids of a VRM. Pure. */

import type { Parameters } from "./parameters";
import { faceId, type MOUTHS } from "./vrm_rig";

/** Turns around the axes of a bone in radians; x nods down, y turns to the right, z tilts left. */
export type Turn = readonly [x: number, y: number, z: number];

export const BONES = [
  "spine",
  "chest",
  "neck",
  "head",
  "leftShoulder",
  "rightShoulder",
  "leftUpperArm",
  "rightUpperArm",
  "leftLowerArm",
  "rightLowerArm",
  "leftHand",
  "rightHand",
] as const;
export type Bone = (typeof BONES)[number];

export interface VrmPose {
  readonly bones: Readonly<Record<Bone, Turn>>;
  /** Where the eyes look, degrees: to the right of the screen, and up. */
  readonly lookRight: number;
  readonly lookUp: number;
  /** How far the lids are shut, 0..1. */
  readonly blink: number;
  readonly mouths: Readonly<Record<(typeof MOUTHS)[number], number>>;
  /** How much of each face there is, 0..1. */
  readonly faces: ReadonlyMap<string, number>;
}

const RADIANS = Math.PI / 180;
/** At the end of a parameter's range: degrees. */
const HEAD: Turn = [22, 32, 20];
const BODY: Turn = [7, 12, 8];
const EYES = { right: 34, up: 24 };
/** The neck takes so much of the head's turn; the spine so much of the body's. */
const NECK = 0.4;
const SPINE = 0.5;
const BREATH: Readonly<Record<"chest" | "shoulder" | "arm", number>> = {
  chest: 1.8,
  shoulder: 1.2,
  arm: 1.5,
};
/** From the T-pose to arms that hang: degrees down, and how far the elbows are bent. */
const ARM_DOWN = 73;
const ELBOW = 12;
const HAND = 6;
/** What a vowel keeps of its mouth while the jaw is almost shut. */
const CLOSED = 0.7;
/** As much of `form` as the lips are given at their widest, see Lips. */
const WIDEST = 0.6;

/** Return the pose that the parameters mean. */
export function vrmPose(parameters: Parameters, faces: readonly string[]): VrmPose {
  const share = (id: string): number => parameters.share(parameters.index(id));
  const breath = share("ParamBreath");
  const head = turn(HEAD, -share("ParamAngleY"), share("ParamAngleX"), share("ParamAngleZ"));
  const body = turn(
    BODY,
    -share("ParamBodyAngleY"),
    share("ParamBodyAngleX"),
    share("ParamBodyAngleZ"),
  );
  const [spine, chest] = split(body, SPINE);
  const [neck, skull] = split(head, NECK);
  const lift = BREATH.shoulder * breath * RADIANS;
  const arm = (ARM_DOWN - BREATH.arm * breath) * RADIANS;
  const elbow = ELBOW * RADIANS;
  const hand = HAND * RADIANS;
  return {
    bones: {
      spine,
      chest: [chest[0] - BREATH.chest * breath * RADIANS, chest[1], chest[2]],
      neck,
      head: skull,
      leftShoulder: [0, 0, lift],
      rightShoulder: [0, 0, -lift],
      leftUpperArm: [0, 0, -arm],
      rightUpperArm: [0, 0, arm],
      leftLowerArm: [0, -elbow, 0],
      rightLowerArm: [0, elbow, 0],
      leftHand: [0, 0, -hand],
      rightHand: [0, 0, hand],
    },
    lookRight: EYES.right * share("ParamEyeBallX"),
    lookUp: EYES.up * share("ParamEyeBallY"),
    blink: Math.max(-share("ParamEyeLOpen"), -share("ParamEyeROpen"), 0),
    mouths: mouths(
      Math.max(0, share("ParamMouthOpenY")),
      Math.max(0, share("ParamMouthForm")),
      Math.max(0, share("ParamMouthRound")),
    ),
    faces: new Map(faces.map((face) => [face, Math.max(0, share(faceId(face)))])),
  };
}

/** Return the shapes of the five vowels; all 0..1, and together at most 1. */
function mouths(open: number, form: number, rounded: number): VrmPose["mouths"] {
  const wide = Math.min(1, form / WIDEST) * (1 - rounded);
  const plain = Math.max(0, 1 - wide - rounded);
  // Without a voice a mouth may be spread or rounded by its face; that is no vowel.
  const narrow = CLOSED * Math.min(1, 4 * open) * (1 - open);
  return {
    aa: open * plain,
    ee: open * wide,
    ih: narrow * wide,
    oh: open * rounded,
    ou: narrow * rounded,
  };
}

function turn(most: Turn, x: number, y: number, z: number): Turn {
  return [most[0] * x * RADIANS, most[1] * y * RADIANS, -most[2] * z * RADIANS];
}

function split([x, y, z]: Turn, part: number): [Turn, Turn] {
  const rest = 1 - part;
  return [
    [x * part, y * part, z * part],
    [x * rest, y * rest, z * rest],
  ];
}
