/** An avatar of the open rig: what the page asks for, handed to the animator and the view. */

import type { Mouth } from "../audio/lipsync";
import { Animator } from "./animator";
import { Frames } from "./frames";
import type { ModelInfo } from "./model_info";
import { seeded, type Random } from "./random";
import { loadRigFiles, type RigFiles } from "./rig_files";
import { RigView } from "./rig_view";
import { motionOfTap } from "./taps";
import type { Avatar, Mood, Placement } from "./types";

/** A pointer this far from her eyes, as a share of the stage's smaller side, is looked at fully. */
const FULL_GAZE = 0.6;
/** Where her eyes are in the drawing, where no hit area is called Head; shares of it. */
const EYES = [0.5, 0.35] as const;

export class RigAvatar implements Avatar {
  readonly kind = "rig";
  readonly expressions: readonly string[];
  readonly motions: readonly string[];
  readonly view: RigView;
  readonly animator: Animator;
  private readonly frames: Frames;
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
    private readonly stage: HTMLElement,
    private readonly model: ModelInfo,
    files: RigFiles,
    reducedMotion: boolean,
    private readonly random: Random,
  ) {
    const { rig } = files;
    this.expressions = rig.expressions.map((expression) => expression.name);
    this.motions = Object.keys(rig.motions);
    this.head = rig.hitAreas.find((area) => area.name === "Head")?.mesh ?? -1;
    this.view = new RigView(stage, files, model);
    this.animator = new Animator(rig, {
      random,
      reducedMotion,
      idleGroup: model.idleMotionGroupName ?? "Idle",
      defaultExpression: model.defaultEmotion ?? 0,
    });
    this.frame(0);
    this.frames = new Frames(this.view.canvas, (dt_s) => {
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
    const [eyesX, eyesY] = this.view.stageAt(...this.eyes());
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
    const group = motionOfTap(areas, this.model.tapMotions ?? {}, this.random);
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
    this.view.draw(this.animator.parameters.values);
  }

  /** Where her eyes are, in the drawing: in the middle of the head's hit area. */
  private eyes(): readonly [number, number] {
    if (this.head >= 0) return this.view.evaluator.middle(this.head);
    return this.view.drawingShare(...EYES);
  }
}
