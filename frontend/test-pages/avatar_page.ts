/** What the browser tests of the avatar call: window.avatarPage. Never part of the product. */

import { LipSync } from "../src/audio/lipsync";
import { Animator } from "../src/avatar/animator";
import { CoreMissingError } from "../src/avatar/errors";
import { stageGestures } from "../src/avatar/gestures";
import { loadAvatar } from "../src/avatar/load";
import type { ModelInfo } from "../src/avatar/model_info";
import { seeded } from "../src/avatar/random";
import { RigAvatar } from "../src/avatar/rig_avatar";
import { loadRigFiles } from "../src/avatar/rig_files";
import type { Avatar } from "../src/avatar/types";
import { VrmAvatar } from "../src/avatar/vrm_avatar";
import { measure, type Costs } from "./frame_costs";
import { compare, decoded, type Difference } from "./pictures";
import { drawSheet, SHEETS } from "./sheets";

const stage = document.getElementById("stage") as HTMLElement;
let shown: Avatar | null = null;

const page = {
  /** Show a model; return the avatar's kind, or the name and message of the error. */
  async load(model: ModelInfo, coreUrl: string | null, reducedMotion = false): Promise<string> {
    shown?.destroy();
    shown = null;
    try {
      shown = await loadAvatar(stage, model, { reducedMotion, coreUrl });
      return shown.kind;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return `${error.name}${error instanceof CoreMissingError ? "!" : ""}: ${error.message}`;
    }
  },

  /** The avatar that is shown. */
  get avatar(): Avatar {
    if (!shown) throw new Error("There is no avatar.");
    return shown;
  },

  /** The value of a parameter of the rig or VRM that is shown. */
  value(id: string): number {
    if (!(shown instanceof RigAvatar || shown instanceof VrmAvatar)) throw new Error("No rig.");
    const { parameters } = shown.animator;
    return parameters.get(parameters.index(id));
  },

  /** The middle of a hit area of the rig that is shown, on the stage. */
  middleOf(area: number): readonly [number, number] {
    if (!(shown instanceof RigAvatar)) throw new Error("There is no rig.");
    return shown.view.stageAt(...shown.view.evaluator.middle(area));
  },

  /** Where the eyes of the VRM that is shown are, on the stage. */
  eyes(): readonly [number, number] {
    if (!(shown instanceof VrmAvatar)) throw new Error("There is no VRM.");
    return shown.view.eyes();
  },

  /** Draw who is shown as she is now; return the pixels as a PNG, as a data URL. */
  picture(): string {
    if (shown instanceof VrmAvatar) {
      shown.view.paint();
      return shown.view.canvas.toDataURL();
    }
    if (!(shown instanceof RigAvatar)) throw new Error("There is no rig.");
    shown.view.draw(shown.animator.parameters.values);
    return shown.view.canvas.toDataURL();
  },

  gestures(): void {
    stageGestures(stage, (placement) => {
      shown?.place(placement);
      stage.dataset["placement"] = JSON.stringify(placement);
    });
  },

  /** The names of the sheets of reference pictures. */
  sheets: Object.keys(SHEETS),

  /** Draw a sheet; return it as a PNG, as a data URL. */
  async sheet(name: string, rig: string): Promise<string> {
    return (await drawSheet(name, rig)).toDataURL();
  },

  /** Compare a sheet with a picture of it, cell by cell. */
  async difference(name: string, rig: string, reference: string): Promise<Difference> {
    const { labels, columns } = SHEETS[name] ?? { labels: [], columns: 1 };
    return compare(await drawSheet(name, rig), await decoded(reference), labels, columns);
  },

  /** The mouth at each time of a sound: base64 of little-endian float32. */
  mouths(samples: string, rate: number, times_s: number[]): unknown {
    const bytes = Uint8Array.from(atob(samples), (character) => character.charCodeAt(0));
    const lips = new LipSync();
    lips.append(new Float32Array(bytes.buffer), rate);
    lips.end();
    return times_s.map((time_s) => lips.at(time_s));
  },

  costs: async (rig: string, frames: number): Promise<Costs> => {
    const files = await loadRigFiles(rig);
    const animator = new Animator(files.rig, {
      random: seeded(1),
      reducedMotion: false,
      idleGroup: "Idle",
      defaultExpression: 0,
    });
    return measure(stage, files, animator, frames);
  },
};

declare global {
  interface Window {
    avatarPage: typeof page;
  }
}
window.avatarPage = page;
