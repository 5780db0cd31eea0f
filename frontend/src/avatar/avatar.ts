/** What the page knows of an avatar: the interface, and the way to the one that can be shown here. */

import { understood, type ModelInfo } from "./model_info";

export type { ModelInfo } from "./model_info";

/** The shape of a mouth, each 0..1: how far open, how spread (I, E), how rounded (O, U). */
export interface Mouth {
  open: number;
  wide: number;
  round: number;
}

/** What the character is doing; her idle life suits it. */
export type Mood = "idle" | "listening" | "thinking" | "speaking";

/** Where she stands: scale 1 fits the stage; x and y are fractions of the stage, 0 in its middle. */
export interface Placement {
  scale: number;
  x: number;
  y: number;
}

export interface Avatar {
  readonly kind: "rig" | "live2d" | "picture";
  /** Names of the expressions; an index means the place in this list. */
  readonly expressions: readonly string[];
  /** Names of the motion groups. */
  readonly motions: readonly string[];
  /** Show an expression; null is the model's default. A name that does not exist is ignored. */
  express(expression: string | number | null): void;
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
  destroy(): void;
}

export interface AvatarOptions {
  /** Only blinking, small breaths and the lips move. */
  reducedMotion: boolean;
  /** Where Live2D's Cubism Core is served, null where it is not installed. */
  coreUrl: string | null;
}

/** The avatar cannot be shown; the message says why in words for the person before the page. */
export class AvatarError extends Error {
  override name = "AvatarError";
}

/** The model is a Live2D model, and Live2D's Cubism Core is not installed. */
export class CoreMissing extends AvatarError {
  override name = "CoreMissing";

  constructor() {
    super("This model needs Live2D's Cubism Core, which is not installed.");
  }
}

/** Live2D's Cubism Core is installed, but cannot be used: another one is needed. */
export class CoreUnusable extends AvatarError {}

/**
 * Show a model in `stage`, which it fills.
 *
 * A model with a `rig` is drawn by our own runtime, any other by Live2D's; without WebGL a still
 * picture stands in for both. Rejects with CoreMissing, or with another AvatarError.
 */
export async function loadAvatar(
  stage: HTMLElement,
  entry: ModelInfo,
  options: AvatarOptions,
): Promise<Avatar> {
  const model = understood(entry);
  const { hasWebGL } = await import("./webgl");
  if (!hasWebGL() || !(model.rig || model.url)) {
    const { PictureAvatar } = await import("./picture");
    return PictureAvatar.load(stage, model, options.reducedMotion);
  }
  if (model.rig) {
    const { RigAvatar } = await import("./rig_avatar");
    return RigAvatar.load(stage, model, options.reducedMotion);
  }
  if (options.coreUrl === null) {
    // Nobody is asked to accept a licence for a model that is not there.
    const { loadModelSettings } = await import("./model_settings");
    await loadModelSettings(new URL(model.url, document.baseURI).href);
    throw new CoreMissing();
  }
  const { loadLive2D } = await import("./live2d");
  return loadLive2D(stage, model, { ...options, coreUrl: options.coreUrl });
}
