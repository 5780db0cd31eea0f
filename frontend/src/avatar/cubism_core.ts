/** Live2D's Cubism Core: a script that the person has installed, served by our own server. */

import { AvatarError, CoreUnusableError } from "./errors";

declare global {
  interface Window {
    Live2DCubismCore?: unknown;
  }
}

/** What we look at of a model that the Core has made. */
export interface CoreModel {
  readonly drawables: object;
}

/** Load the Core at `address`, unless this page has it. Throws AvatarError. */
export async function loadCore(address: string): Promise<void> {
  if (window.Live2DCubismCore !== undefined) return;
  const script = document.createElement("script");
  script.src = address;
  await new Promise<void>((resolve, reject) => {
    script.onload = () => {
      resolve();
    };
    script.onerror = () => {
      reject(new AvatarError("Live2D's Cubism Core could not be loaded from this server."));
    };
    document.head.append(script);
  }).finally(() => {
    script.remove();
  });
  if (window.Live2DCubismCore === undefined) {
    throw new CoreUnusableError(
      "The file that is installed as Live2D's Cubism Core is something else. Install it anew.",
    );
  }
}

/**
 * Throw CoreUnusableError if the Core is one that the renderer cannot work with: since August 2025 Live2D
 * publishes Cores that no longer tell the drawing order where it was.
 */
export function checkCore(model: CoreModel): void {
  if ("renderOrders" in model.drawables) return;
  throw new CoreUnusableError(
    "The installed version of Live2D's Cubism Core is too new for this program. " +
      "Install one of the versions 4.2 to 5.0, and load this page again.",
  );
}
