/** The way from a model to the avatar that can be shown here. */

import { serverUrl } from "@open-llm-vtuber/shared/access";

import { CoreMissingError } from "./errors";
import { understood, type ModelInfo } from "./model_info";
import type { Avatar, AvatarOptions } from "./types";

/**
 * Show a model in `stage`, which it fills.
 *
 * A model with a `rig` is drawn by our own runtime, one with a `vrm` by three.js, any other by
 * Live2D's; without WebGL a still picture stands in for all. Rejects with CoreMissingError, or with
 * another AvatarError.
 */
export async function loadAvatar(
  stage: HTMLElement,
  entry: ModelInfo,
  options: AvatarOptions,
): Promise<Avatar> {
  const model = understood(entry);
  const { hasWebGL } = await import("./webgl");
  if (!hasWebGL() || !(model.rig || model.vrm || model.url)) {
    const { PictureAvatar } = await import("./picture");
    return PictureAvatar.load(stage, model, options.reducedMotion);
  }
  if (model.rig) {
    const { RigAvatar } = await import("./rig_avatar");
    return RigAvatar.load(stage, model, options.reducedMotion);
  }
  if (model.vrm) {
    const { VrmAvatar } = await import("./vrm_avatar");
    return VrmAvatar.load(stage, model, options.reducedMotion);
  }
  if (options.coreUrl === null) {
    // Nobody is asked to accept a licence for a model that is not there.
    const { loadModelSettings } = await import("./model_settings");
    await loadModelSettings(serverUrl(model.url).href);
    throw new CoreMissingError();
  }
  const { loadLive2D } = await import("./live2d");
  return loadLive2D(stage, model, { ...options, coreUrl: options.coreUrl });
}
