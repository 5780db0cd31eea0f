/** A still picture instead of an avatar, where there is no WebGL; it moves a little with the voice. */

import { serverUrl } from "@open-llm-vtuber/shared/access";

import type { Mouth } from "../audio/lipsync";
import { Frames, viewOf } from "./frames";
import type { ModelInfo } from "./model_info";
import { AT_REST, fit, grounded, type Size } from "./placing";
import { loadImage } from "./rig_files";
import { Follower } from "./springs";
import type { Avatar, Mood, Placement } from "./types";

const SVG = "http://www.w3.org/2000/svg";
/** A head and shoulders, for models without a picture. */
const SILHOUETTE: Size = { width: 600, height: 800 };
const SHAPES: readonly (readonly [name: string, attributes: Readonly<Record<string, string>>])[] = [
  [
    "path",
    { d: "M60 800 C60 600 170 540 240 525 L240 470 L360 470 L360 525 C430 540 540 600 540 800 Z" },
  ],
  ["ellipse", { cx: "300", cy: "315", rx: "150", ry: "185" }],
  [
    "path",
    {
      d: "M135 400 C95 215 175 95 300 95 C425 95 505 215 465 400 C475 290 420 215 300 215 C180 215 125 290 135 400 Z",
    },
  ],
];
const COLOUR = "#8d87a8";
/** How much larger she is at the loudest; the brightest light behind her. */
const SWELL = 0.02;
const QUICKNESS = 30;

export class PictureAvatar implements Avatar {
  readonly kind = "picture";
  readonly expressions: readonly string[] = [];
  readonly motions: readonly string[] = [];
  private placement = AT_REST;
  private mouth: (() => Mouth) | null = null;
  private readonly swell = new Follower(QUICKNESS);
  private readonly frames: Frames;
  private readonly resizing: ResizeObserver;

  /** Show the model's picture, or the silhouette where there is none that can be loaded. */
  static async load(
    stage: HTMLElement,
    model: ModelInfo,
    reducedMotion: boolean,
  ): Promise<PictureAvatar> {
    let picture: HTMLElement | SVGElement = silhouette();
    let size = SILHOUETTE;
    if (model.picture) {
      try {
        const image = await loadImage(serverUrl(model.picture));
        image.alt = model.name ?? "";
        picture = image;
        size = { width: image.naturalWidth, height: image.naturalHeight };
      } catch (error) {
        console.warn("The silhouette is shown instead of the model's picture.", error);
      }
    }
    return new PictureAvatar(stage, model, picture, size, reducedMotion);
  }

  private constructor(
    private readonly stage: HTMLElement,
    private readonly model: ModelInfo,
    private readonly picture: HTMLElement | SVGElement,
    private readonly size: Size,
    private readonly reducedMotion: boolean,
  ) {
    const { style } = picture;
    style.display = "block";
    style.width = `${size.width}px`;
    style.height = `${size.height}px`;
    style.maxWidth = "none";
    style.transformOrigin = "0 0";
    style.pointerEvents = "none";
    stage.append(picture);
    this.resizing = new (viewOf(stage).ResizeObserver)(() => {
      this.frame(0);
    });
    this.resizing.observe(stage);
    this.frames = new Frames(stage, (dt_s) => {
      this.frame(dt_s);
    });
    this.frame(0);
  }

  express(): void {
    // A picture has one face.
  }

  move(): void {
    // A picture keeps still.
  }

  feel(mood: Mood): void {
    this.picture.dataset["mood"] = mood;
  }

  lookAt(): void {
    // A picture looks where it was drawn to look.
  }

  lookAhead(): void {
    // So it does anyway.
  }

  setMouth(source: (() => Mouth) | null): void {
    this.mouth = source;
  }

  tap(): string[] {
    return [];
  }

  place(placement: Placement): void {
    this.placement = placement;
    this.frame(0);
  }

  grounded(placement: Placement): Placement {
    return grounded(this.size, this.room, placement, this.model);
  }

  destroy(): void {
    this.frames.stop();
    this.resizing.disconnect();
    this.picture.remove();
  }

  private get room(): Size {
    return { width: this.stage.clientWidth, height: this.stage.clientHeight };
  }

  private frame(dt_s: number): void {
    const stage = this.room;
    if (stage.width === 0 || stage.height === 0) return;
    const { scale, x0, y0 } = fit(this.size, stage, this.placement, this.model);
    const open = this.reducedMotion ? 0 : (this.mouth?.().open ?? 0);
    const size = scale * (1 + SWELL * this.swell.step(open, dt_s));
    // Grows from the middle of its lower edge.
    const left = x0 - ((size - scale) * this.size.width) / 2;
    const top = y0 - (size - scale) * this.size.height;
    this.picture.style.transform = `translate(${left}px, ${top}px) scale(${size})`;
  }
}

function silhouette(): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${SILHOUETTE.width} ${SILHOUETTE.height}`);
  svg.setAttribute("aria-hidden", "true");
  for (const [name, attributes] of SHAPES) {
    const shape = document.createElementNS(SVG, name);
    shape.setAttribute("fill", COLOUR);
    for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value);
    svg.append(shape);
  }
  return svg;
}
