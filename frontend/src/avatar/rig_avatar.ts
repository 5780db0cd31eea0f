/** An avatar of the open rig. */

import { AnimatedAvatar } from "./animated_avatar";
import { Animator } from "./animator";
import type { ModelInfo, TapMotions } from "./model_info";
import { seeded, type Random } from "./random";
import { loadRigFiles, type RigFiles } from "./rig_files";
import { RigView } from "./rig_view";

/** Where her eyes are in the drawing, where no hit area is called Head; shares of it. */
const EYES = [0.5, 0.35] as const;

export class RigAvatar extends AnimatedAvatar<RigView> {
  readonly kind = "rig";
  readonly expressions: readonly string[];
  readonly motions: readonly string[];
  private readonly head: number;

  static async load(
    stage: HTMLElement,
    model: ModelInfo,
    reducedMotion: boolean,
  ): Promise<RigAvatar> {
    const files = await loadRigFiles(model.rig ?? model.url);
    return new RigAvatar(stage, model, files, reducedMotion, seeded(Date.now()));
  }

  constructor(
    stage: HTMLElement,
    model: ModelInfo,
    files: RigFiles,
    reducedMotion: boolean,
    random: Random,
  ) {
    const { rig } = files;
    const animator = new Animator(rig, {
      random,
      reducedMotion,
      idleGroup: model.idleMotionGroupName ?? "Idle",
      defaultExpression: model.defaultEmotion ?? 0,
    });
    super(stage, model, new RigView(stage, files, model), animator, random);
    this.expressions = rig.expressions.map((expression) => expression.name);
    this.motions = Object.keys(rig.motions);
    this.head = rig.hitAreas.find((area) => area.name === "Head")?.mesh ?? -1;
    this.begin();
  }

  protected get taps(): TapMotions {
    return this.model.tapMotions ?? {};
  }

  /** In the middle of the head's hit area. */
  protected eyes(): readonly [x: number, y: number] {
    const { view, head } = this;
    const place = head >= 0 ? view.evaluator.middle(head) : view.drawingShare(...EYES);
    return view.stageAt(...place);
  }

  protected draw(): void {
    this.view.draw(this.animator.parameters.values);
  }
}
