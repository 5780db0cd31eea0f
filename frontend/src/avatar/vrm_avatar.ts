/** An avatar of a VRM. */

import { AnimatedAvatar } from "./animated_avatar";
import { Animator } from "./animator";
import type { ModelInfo, TapMotions } from "./model_info";
import { seeded } from "./random";
import { loadVrm } from "./vrm_file";
import { vrmPose } from "./vrm_pose";
import { facesOf, NEUTRAL, TAPS, vrmRig } from "./vrm_rig";
import { VrmView } from "./vrm_view";

export class VrmAvatar extends AnimatedAvatar<VrmView> {
  readonly kind = "vrm";
  readonly expressions: readonly string[];
  readonly motions: readonly string[];

  /** Show the VRM of a model in `stage`. Throws AvatarError. */
  static async load(
    stage: HTMLElement,
    model: ModelInfo,
    reducedMotion: boolean,
  ): Promise<VrmAvatar> {
    const vrm = await loadVrm(model.vrm ?? model.url);
    return new VrmAvatar(stage, model, new VrmView(stage, vrm, model), reducedMotion);
  }

  private constructor(stage: HTMLElement, model: ModelInfo, view: VrmView, reducedMotion: boolean) {
    const random = seeded(Date.now());
    const known = view.vrm.expressionManager?.expressions ?? [];
    const faces = facesOf(known.map((one) => one.expressionName));
    const rig = vrmRig(faces);
    const animator = new Animator(rig, {
      random,
      reducedMotion,
      idleGroup: "Idle",
      defaultExpression: model.defaultEmotion ?? NEUTRAL,
    });
    super(stage, model, view, animator, random);
    this.expressions = faces;
    this.motions = Object.keys(rig.motions);
    this.begin();
    view.settle();
  }

  protected get taps(): TapMotions {
    const own = this.model.tapMotions ?? {};
    return Object.keys(own).length > 0 ? own : TAPS;
  }

  protected eyes(): readonly [x: number, y: number] {
    return this.view.eyes();
  }

  protected draw(dt_s: number): void {
    this.view.draw(vrmPose(this.animator.parameters, this.expressions), dt_s);
  }
}
