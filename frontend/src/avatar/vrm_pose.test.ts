import { describe, expect, it } from "vitest";

import { Animator } from "./animator";
import { Parameters } from "./parameters";
import { seeded } from "./random";
import { vrmPose, type VrmPose } from "./vrm_pose";
import { facesOf, vrmRig } from "./vrm_rig";

const FACES = facesOf(["happy", "aa", "blink", "lookUp", "neutral", "Wink"]);

function poseWith(values: Readonly<Record<string, number>>): VrmPose {
  const parameters = new Parameters(vrmRig(FACES).parameters);
  for (const [id, value] of Object.entries(values)) {
    expect(parameters.index(id)).toBeGreaterThanOrEqual(0);
    parameters.set(parameters.index(id), value);
  }
  return vrmPose(parameters, FACES);
}

function animator(reducedMotion = false): Animator {
  return new Animator(vrmRig(FACES), {
    random: seeded(3),
    reducedMotion,
    idleGroup: "Idle",
    defaultExpression: -1,
  });
}

describe("the faces of a VRM", () => {
  it("are those that nothing else moves, the neutral one first", () => {
    expect(FACES).toEqual(["neutral", "happy", "Wink"]);
  });

  it("come and go, by name in whatever case", () => {
    const one = animator();
    one.expressions.want("HAPPY", 0.5);
    for (let i = 0; i < 60; i++) one.step(1 / 60);
    expect(vrmPose(one.parameters, FACES).faces.get("happy")).toBeCloseTo(0.5);
    one.expressions.want(null);
    for (let i = 0; i < 60; i++) one.step(1 / 60);
    expect(vrmPose(one.parameters, FACES).faces.get("happy")).toBe(0);
  });
});

describe("the pose of a VRM", () => {
  it("lets the arms hang, each on its side", () => {
    const { bones } = poseWith({});
    expect(bones.leftUpperArm[2]).toBeLessThan(-1.2);
    expect(bones.rightUpperArm[2]).toBeCloseTo(-bones.leftUpperArm[2]);
  });

  it("turns the head as the parameters say, the neck with it", () => {
    const { bones } = poseWith({ ParamAngleX: 30, ParamAngleY: 30 });
    expect(bones.head[1]).toBeGreaterThan(0.2); // to the right of the screen
    expect(bones.neck[1]).toBeGreaterThan(0.1);
    expect(bones.head[0]).toBeLessThan(-0.1); // up
    expect(poseWith({ ParamAngleZ: 30 }).bones.head[2]).toBeLessThan(-0.1);
  });

  it("breathes", () => {
    const { bones } = poseWith({ ParamBreath: 1 });
    expect(bones.chest[0]).toBeLessThan(0);
    expect(bones.leftShoulder[2]).toBeGreaterThan(0);
  });

  it("looks and blinks", () => {
    const pose = poseWith({ ParamEyeBallX: -1, ParamEyeBallY: 0.5, ParamEyeROpen: 0.25 });
    expect(pose.lookRight).toBeLessThan(-20);
    expect(pose.lookUp).toBeGreaterThan(5);
    expect(pose.blink).toBeCloseTo(0.75);
  });

  it.each([
    ["aa", { ParamMouthOpenY: 1 }],
    ["ee", { ParamMouthOpenY: 1, ParamMouthForm: 0.6 }],
    ["ih", { ParamMouthOpenY: 0.25, ParamMouthForm: 0.6 }],
    ["oh", { ParamMouthOpenY: 1, ParamMouthRound: 1 }],
    ["ou", { ParamMouthOpenY: 0.25, ParamMouthRound: 1 }],
  ])("makes the mouth of %s", (vowel, values) => {
    const { mouths } = poseWith(values);
    const [first] = Object.entries(mouths).sort(([, a], [, b]) => b - a)[0] ?? [];
    expect(first).toBe(vowel);
    expect(Object.values(mouths).reduce((sum, one) => sum + one)).toBeLessThanOrEqual(1.001);
  });

  it("has no vowel without a voice", () => {
    const { mouths } = poseWith({ ParamMouthForm: 1, ParamMouthRound: 1 });
    expect(Math.max(...Object.values(mouths))).toBe(0);
  });
});

describe("a VRM that the animator moves", () => {
  it("opens its mouth with a voice and shuts it afterwards", () => {
    const one = animator();
    one.setMouth(() => ({ open: 0.9, wide: 0, round: 0 }));
    for (let i = 0; i < 30; i++) one.step(1 / 60);
    expect(vrmPose(one.parameters, FACES).mouths.aa).toBeGreaterThan(0.7);
    one.setMouth(null);
    for (let i = 0; i < 60; i++) one.step(1 / 60);
    expect(vrmPose(one.parameters, FACES).mouths.aa).toBeLessThan(0.01);
  });

  it("answers a touch, and keeps still where motion is to be reduced", () => {
    const reach = (reducedMotion: boolean): number => {
      const one = animator(reducedMotion);
      one.move("TapHead");
      let most = 0;
      for (let i = 0; i < 60; i++) {
        one.step(1 / 60);
        most = Math.max(most, Math.abs(vrmPose(one.parameters, FACES).bones.head[2]));
      }
      return most;
    };
    expect(reach(false)).toBeGreaterThan(0.05);
    expect(reach(true)).toBe(0);
  });
});
