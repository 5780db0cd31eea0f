/** What all avatars have in common that the animator moves; how one is drawn is up to its view. */

import type { Mouth } from "../audio/lipsync";
import type { Animator } from "./animator";
import { Frames } from "./frames";
import type { ModelInfo, TapMotions } from "./model_info";
import type { Random } from "./random";
import { motionOfTap } from "./taps";
import type { Avatar, Mood, Placement } from "./types";

/** A pointer this far from her eyes, as a share of the stage's smaller side, is looked at fully. */
const FULL_GAZE = 0.6;

/** A canvas on a stage, and where on it she is. */
interface View {
  readonly canvas: HTMLCanvasElement;
  put(placement: Placement): void;
  grounded(placement: Placement): Placement;
  /** The names of the hit areas at a place of the stage, in CSS px. */
  areasAt(x: number, y: number): string[];
  destroy(): void;
}

export abstract class AnimatedAvatar<V extends View> implements Avatar {
  abstract readonly kind: "rig" | "vrm";
  abstract readonly expressions: readonly string[];
  abstract readonly motions: readonly string[];
  private frames: Frames | undefined;

  protected constructor(
    private readonly stage: HTMLElement,
    protected readonly model: ModelInfo,
    readonly view: V,
    readonly animator: Animator,
    private readonly random: Random,
  ) {}

  /** Where her eyes are on the stage, in CSS px. */
  protected abstract eyes(): readonly [x: number, y: number];
  /** Draw her as the animator has her, `dt_s` after the frame before. */
  protected abstract draw(dt_s: number): void;
  /** Which motions answer a tap. */
  protected abstract get taps(): TapMotions;

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
    const [eyesX, eyesY] = this.eyes();
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
    const group = motionOfTap(areas, this.taps, this.random);
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
    this.frames?.stop();
    this.view.destroy();
  }

  /** Draw her now, and from now on once a frame. */
  protected begin(): void {
    this.frame(0);
    this.frames = new Frames(this.view.canvas, (dt_s) => {
      this.frame(dt_s);
    });
  }

  private frame(dt_s: number): void {
    this.animator.step(dt_s);
    this.draw(dt_s);
  }
}
