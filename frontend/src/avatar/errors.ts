/** Why an avatar cannot be shown. */

/** The avatar cannot be shown; the message says why in words for the person before the page. */
export class AvatarError extends Error {
  override name = "AvatarError";
}

/** The model is a Live2D model, and Live2D's Cubism Core is not installed. */
export class CoreMissingError extends AvatarError {
  override name = "CoreMissingError";

  constructor() {
    super("This model needs Live2D's Cubism Core, which is not installed.");
  }
}

/** Live2D's Cubism Core is installed, but cannot be used: another one is needed. */
export class CoreUnusableError extends AvatarError {}
