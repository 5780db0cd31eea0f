/** What a frame costs the page's main thread. */

import type { Animator } from "../src/avatar/animator";
import type { RigFiles } from "../src/avatar/rig_files";
import { RigView } from "../src/avatar/rig_view";

const FRAME_S = 1 / 60;
/** The canvas is tiny, because in tests a processor draws, which is not the page's business. */
const TINY_PX = 8;

/** Milliseconds of each frame. */
export interface Costs {
  readonly animate: number[];
  readonly evaluate: number[];
  /** Handing buffers and drawing calls to the browser. */
  readonly submit: number[];
}

/** Live for some frames of a lively minute: speaking, looking about, changing faces. */
export async function measure(
  stage: HTMLElement,
  files: RigFiles,
  animator: Animator,
  frames: number,
): Promise<Costs> {
  const place = document.createElement("div");
  place.style.width = place.style.height = `${TINY_PX}px`;
  stage.append(place);
  const view = new RigView(place, files, { url: "" });
  const costs: Costs = { animate: [], evaluate: [], submit: [] };
  let time_s = 0;
  animator.setMouth(() => ({ open: 0.5 + 0.5 * Math.sin(20 * time_s), wide: 0.3, round: 0.2 }));
  animator.feel("speaking");
  for (let i = 0; i < frames; i++) {
    await new Promise(requestAnimationFrame);
    time_s += FRAME_S;
    animator.aim(Math.sin(time_s), Math.cos(1.3 * time_s));
    if (i % 120 === 0)
      animator.expressions.want(Math.floor(i / 120) % files.rig.expressions.length);
    const begun = performance.now();
    animator.step(FRAME_S);
    const animated = performance.now();
    view.evaluator.evaluate(animator.parameters.values);
    const evaluated = performance.now();
    view.paint();
    const submitted = performance.now();
    costs.animate.push(animated - begun);
    costs.evaluate.push(evaluated - animated);
    costs.submit.push(submitted - evaluated);
  }
  view.destroy();
  place.remove();
  return costs;
}
