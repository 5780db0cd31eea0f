/** What the page knows of an avatar, whichever runtime draws it. */

import type { Mouth } from "../audio/lipsync";

/** What the character is doing; her idle life suits it. */
export type Mood = "idle" | "listening" | "thinking" | "speaking";

/** Where she stands: scale 1 fits the stage; x and y are fractions of the stage, 0 in its middle. */
export interface Placement {
  scale: number;
  x: number;
  y: number;
}

export interface Avatar {
  readonly kind: "rig" | "live2d" | "vrm" | "picture";
  /** Names of the expressions; an index means the place in this list. */
  readonly expressions: readonly string[];
  /** Names of the motion groups. */
  readonly motions: readonly string[];
  /**
   * Show an expression; null is the model's default. A name that does not exist is ignored. With a
   * `strength` below 1 it is only that much of it, where the renderer can.
   */
  express(expression: string | number | null, strength?: number): void;
  /** Play a motion of a group: the one of that index, or any. */
  move(group: string, index?: number): void;
  feel(mood: Mood): void;
  /** Look at a place, in CSS px from the stage's top left. */
  lookAt(x: number, y: number): void;
  lookAhead(): void;
  /** Move the lips by what `source` says once a frame; null closes them. */
  setMouth(source: (() => Mouth) | null): void;
  /** Return the names of the hit areas at a place in CSS px; their tap motion is played. */
  tap(x: number, y: number): string[];
  place(placement: Placement): void;
  /** Where she would stand for real if she was put there: never in the air. */
  grounded(placement: Placement): Placement;
  destroy(): void;
}

export interface AvatarOptions {
  /** Only blinking, small breaths and the lips move. */
  reducedMotion: boolean;
  /** Where Live2D's Cubism Core is served, null where it is not installed. */
  coreUrl: string | null;
}
