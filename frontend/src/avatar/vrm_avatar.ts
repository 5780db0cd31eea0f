/** An avatar of a VRM: what the page asks for, handed to the animator and the view. */

import type { Mouth } from "../audio/lipsync";
import { Animator } from "./animator";
import { Frames } from "./frames";
import type { ModelInfo } from "./model_info";
import { seeded, type Random } from "./random";
import { motionOfTap } from "./taps";
import type { Avatar, Mood, Placement } from "./types";
import { loadVrm } from "./vrm_file";
import { vrmPose } from "./vrm_pose";
import { facesOf, NEUTRAL, TAPS, vrmRig } from "./vrm_rig";
import { VrmView } from "./vrm_view";

/** A pointer this far from her eyes, as a share of the stage's smaller side, is looked at fully. */
const FULL_GAZE = 0.6;

export class VrmAvatar implements Avatar {
  readonly kind = "vrm";
  readonly expressions: readonly string[];
  readonly motions: readonly string[];
  readonly animator: Animator;
  readonly view: VrmView;
  private readonly frames: Frames;

  /** Show the VRM of a model in `stage`. Throws AvatarError. */
  static async load(
    stage: HTMLElement,
    model: ModelInfo,
    reducedMotion: boolean,
  ): Promise<VrmAvatar> {
    const vrm = await loadVrm(model.vrm ?? model.url);
    const view = new VrmView(stage, vrm, model);
    return new VrmAvatar(stage, model, view, reducedMotion, seeded(Date.now()));
  }

  private constructor(
    private readonly stage: HTMLElement,
    private readonly model: ModelInfo,
    view: VrmView,
    reducedMotion: boolean,
    private readonly random: Random,
  ) {
    this.view = view;
    const known = view.vrm.expressionManager?.expressions ?? [];
    this.expressions = facesOf(known.map((one) => one.expressionName));
    const rig = vrmRig(this.expressions);
    this.motions = Object.keys(rig.motions);
    this.animator = new Animator(rig, {
      random,
      reducedMotion,
      idleGroup: "Idle",
      defaultExpression: model.defaultEmotion ?? NEUTRAL,
    });
    this.frame(0);
    view.settle();
    this.frames = new Frames(view.canvas, (dt_s) => {
      this.frame(dt_s);
    });
  }

  express(expression: string | number | null, strength = 1): void {
    this.animator.expressions.want(expression, strength);
  }

  move(group: string, index?: number): void {
    this.animator.move(group, index);
  }

  feel(mood: Mood): void {
    this.animator.feel(mood);
  }

  lookAt(x: number, y: number): void {
    if (this.model.pointerInteractive === false) return;
    const [eyesX, eyesY] = this.view.eyes();
    const reach = FULL_GAZE * Math.min(this.stage.clientWidth, this.stage.clientHeight);
    if (reach > 0) this.animator.aim((x - eyesX) / reach, (eyesY - y) / reach);
  }

  lookAhead(): void {
    this.animator.aim(0, 0);
  }

  setMouth(source: (() => Mouth) | null): void {
    this.animator.setMouth(source);
  }

  tap(x: number, y: number): string[] {
    if (this.model.pointerInteractive === false) return [];
    const areas = this.view.areasAt(x, y);
    const own = this.model.tapMotions ?? {};
    const group = motionOfTap(areas, Object.keys(own).length > 0 ? own : TAPS, this.random);
    if (group !== undefined) this.move(group);
    return areas;
  }

  place(placement: Placement): void {
    this.view.put(placement);
  }

  grounded(placement: Placement): Placement {
    return this.view.grounded(placement);
  }

  destroy(): void {
    this.frames.stop();
    this.view.destroy();
  }

  private frame(dt_s: number): void {
    this.animator.step(dt_s);
    this.view.draw(vrmPose(this.animator.parameters, this.expressions), dt_s);
  }
}
