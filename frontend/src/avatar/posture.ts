/** How she holds herself: breath, slow sway, the pose of her mood, and the beats of her speech. */

import { between, type Random } from "./random";
import { Follower } from "./springs";
import type { Mood } from "./types";

/** Shares of the ranges, see Parameters: x right, y up, z tilted to her left. */
interface Pose {
  readonly headX: number;
  readonly headY: number;
  readonly headZ: number;
  readonly bodyX: number;
  readonly bodyY: number;
  readonly bodyZ: number;
  readonly eyeX: number;
  readonly eyeY: number;
  readonly brows: number;
}

const JOINTS = [
  "headX",
  "headY",
  "headZ",
  "bodyX",
  "bodyY",
  "bodyZ",
  "eyeX",
  "eyeY",
  "brows",
] as const satisfies readonly (keyof Pose)[];

const REST: Pose = {
  headX: 0,
  headY: 0,
  headZ: 0,
  bodyX: 0,
  bodyY: 0,
  bodyZ: 0,
  eyeX: 0,
  eyeY: 0,
  brows: 0,
};
const POSES: Readonly<Record<Mood, Pose>> = {
  idle: REST,
  speaking: { ...REST, headY: 0.04, brows: 0.08 },
  listening: { ...REST, headY: -0.06, headZ: 0.22, bodyX: 0.1, bodyY: -0.2, brows: 0.2 },
  thinking: {
    ...REST,
    headX: 0.28,
    headY: 0.22,
    headZ: -0.2,
    bodyZ: -0.12,
    eyeX: 0.5,
    eyeY: 0.6,
    brows: 0.15,
  },
};

/** How much of each joint sways, and the two periods of it in seconds; no two are in step. */
const SWAY: readonly { joint: keyof Pose; reach: number; periods_s: readonly [number, number] }[] =
  [
    { joint: "headX", reach: 0.1, periods_s: [7.3, 11.9] },
    { joint: "headY", reach: 0.07, periods_s: [5.9, 9.7] },
    { joint: "headZ", reach: 0.12, periods_s: [8.9, 13.7] },
    { joint: "bodyX", reach: 0.2, periods_s: [9.1, 14.3] },
    { joint: "bodyZ", reach: 0.18, periods_s: [8.3, 12.1] },
  ];

const ANIMATED_SWAY = 0.5;
const BREATH_S = 3.6;
const STILL_BREATH = 0.35;
/** How fast a pose is taken. */
const CALM = 4;
/** How fast the beats of speech follow the voice, and what they are measured against. */
const QUICK = 22;
const SLOW = 3;

export class Posture implements Record<keyof Pose, number> {
  headX = 0;
  headY = 0;
  headZ = 0;
  bodyX = 0;
  bodyY = 0;
  bodyZ = 0;
  eyeX = 0;
  eyeY = 0;
  brows = 0;
  /** 0..1 */
  breath = 0;
  private time_s: number;
  private breathing = 0;
  private tilt = 1;
  private loud = false;
  private readonly poses = JOINTS.map(() => new Follower(CALM));
  private readonly beat = new Follower(QUICK);
  private readonly voice = new Follower(SLOW);
  private readonly nod = new Follower(9);
  private readonly lean = new Follower(3);

  /** `still` leaves nothing but a small breath. */
  constructor(
    private readonly random: Random,
    private readonly still: boolean,
  ) {
    this.time_s = between(random, 0, 1000); // two characters do not sway alike
  }

  /**
   * `energy` is how far the voice opens the mouth, 0..1. Where she is `animated` by a motion for her
   * mood, that has a pose and a sway of its own: ours only makes it less regular.
   */
  step(mood: Mood, energy: number, animated: boolean, dt_s: number): void {
    this.time_s += dt_s;
    this.breathing = (this.breathing + dt_s / BREATH_S) % 1;
    const depth = this.still ? STILL_BREATH : 1;
    this.breath = depth * (0.5 - 0.5 * Math.cos(2 * Math.PI * this.breathing));
    if (this.still) return;
    const pose = animated ? REST : POSES[mood];
    const sway = animated ? ANIMATED_SWAY : 1;
    for (let i = 0; i < JOINTS.length; i++) {
      const joint = JOINTS[i] as keyof Pose;
      this[joint] = (this.poses[i] as Follower).step(pose[joint], dt_s);
    }
    for (const { joint, reach, periods_s } of SWAY) {
      const turns = 2 * Math.PI * this.time_s;
      const wave = Math.sin(turns / periods_s[0]) + Math.sin(turns / periods_s[1]);
      this[joint] += (sway * reach * wave) / 2;
    }
    this.follow(mood === "speaking" ? energy : 0, dt_s);
  }

  /** Nod with each stress of the voice, tilting to a side that changes from phrase to phrase. */
  private follow(energy: number, dt_s: number): void {
    const stress = this.beat.step(energy, dt_s) - this.voice.step(energy, dt_s);
    if (this.loud && this.voice.value < 0.08) {
      this.tilt = this.random() < 0.5 ? -1 : 1;
      this.loud = false;
    } else if (this.voice.value > 0.2) {
      this.loud = true;
    }
    this.headY -= 0.28 * this.nod.step(Math.max(0, stress), dt_s);
    const lean = this.lean.step(this.tilt * this.voice.value, dt_s);
    this.headZ += 0.25 * lean;
    this.bodyZ += 0.15 * lean;
    this.brows += 0.4 * Math.max(0, this.nod.value);
  }
}
