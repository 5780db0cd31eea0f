/** A rig on a canvas that fills a stage: drawn as its parameters say, placed as the person likes. */

import { Evaluator } from "./evaluator";
import { viewOf } from "./frames";
import type { ModelInfo } from "./model_info";
import { AT_REST, fit, grounded, type Fit, type Size } from "./placing";
import { Renderer } from "./renderer";
import type { RigFiles } from "./rig_files";
import type { Placement } from "./types";

/** More pixels than these cost time and are hardly seen. */
const MOST_PIXELS_PER_PX = 2;

export class RigView {
  readonly canvas = document.createElement("canvas");
  readonly evaluator: Evaluator;
  readonly renderer: Renderer;
  private placement = AT_REST;
  private ratio = 1;
  /** Of the drawing to the stage, in CSS px. */
  private place_px: Fit = { scale: 1, x0: 0, y0: 0 };
  private readonly resizing: ResizeObserver;
  private readonly window: Window & typeof globalThis;

  constructor(
    stage: HTMLElement,
    private readonly files: RigFiles,
    private readonly model: ModelInfo,
  ) {
    const { style } = this.canvas;
    style.display = "block";
    style.width = style.height = "100%";
    style.pointerEvents = "none"; // the stage listens
    this.evaluator = new Evaluator(files.rig);
    this.renderer = new Renderer(this.canvas, files.rig, this.evaluator, files.images);
    stage.append(this.canvas);
    this.window = viewOf(this.canvas);
    this.resizing = new this.window.ResizeObserver(() => {
      this.resize();
      this.paint(); // a canvas of a new size is empty, and would be seen so for a frame
    });
    this.resizing.observe(this.canvas);
    this.resize();
  }

  destroy(): void {
    this.resizing.disconnect();
    this.renderer.destroy();
    this.canvas.remove();
  }

  put(placement: Placement): void {
    this.placement = placement;
    this.fit();
  }

  /** Where she would stand for real if she was put there. */
  grounded(placement: Placement): Placement {
    return grounded(this.files.rig, this.size, placement, this.model);
  }

  /** Draw the rig with these values of its parameters, by index. */
  draw(values: Float32Array): void {
    this.evaluator.evaluate(values);
    // Zooming the page, or moving it to another screen, need not change the canvas' size in CSS px.
    if (Math.min(MOST_PIXELS_PER_PX, this.window.devicePixelRatio) !== this.ratio) this.resize();
    this.paint();
  }

  /** Return the place in the drawing that is at a place of the stage, in CSS px. */
  drawingAt(x: number, y: number): readonly [number, number] {
    const { scale, x0, y0 } = this.place_px;
    return [(x - x0) / scale, (y - y0) / scale];
  }

  /** Return the place of the stage, in CSS px, where a place of the drawing is. */
  stageAt(x: number, y: number): readonly [number, number] {
    const { scale, x0, y0 } = this.place_px;
    return [x * scale + x0, y * scale + y0];
  }

  /** Return a place in the drawing that is given as shares of its size. */
  drawingShare(x: number, y: number): readonly [number, number] {
    return [x * this.files.rig.width, y * this.files.rig.height];
  }

  /** The names of the hit areas at a place of the stage, in CSS px, in the order of the file. */
  areasAt(x: number, y: number): string[] {
    const [left, top] = this.drawingAt(x, y);
    return this.files.rig.hitAreas
      .filter((area) => this.evaluator.contains(area.mesh, left, top))
      .map((area) => area.name);
  }

  /** Draw again what was evaluated last. */
  paint(): void {
    if (this.canvas.width === 0 || this.canvas.height === 0) return;
    const { scale, x0, y0 } = this.place_px;
    this.renderer.draw(scale * this.ratio, x0 * this.ratio, y0 * this.ratio);
  }

  private get size(): Size {
    return { width: this.canvas.clientWidth, height: this.canvas.clientHeight };
  }

  private resize(): void {
    const { clientWidth, clientHeight } = this.canvas;
    this.ratio = Math.min(MOST_PIXELS_PER_PX, this.window.devicePixelRatio);
    const width = Math.round(clientWidth * this.ratio);
    const height = Math.round(clientHeight * this.ratio);
    if (width !== this.canvas.width) this.canvas.width = width;
    if (height !== this.canvas.height) this.canvas.height = height;
    this.fit();
  }

  private fit(): void {
    const stage = this.size;
    if (stage.width === 0 || stage.height === 0) return;
    this.place_px = fit(this.files.rig, stage, this.placement, this.model);
  }
}
