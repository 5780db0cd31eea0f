/** A picture cut to a square and made a PNG, which everything that reads character cards can show. */

import { fromBase64 } from "@open-llm-vtuber/shared/base64";

/** Pixels of each side. */
export const SIDE = 512;

/** What of a picture is in the square: its middle and width, as shares of the picture. */
export interface Cut {
  /** The middle of the square, 0 to 1 of the picture's width and height. */
  readonly x: number;
  readonly y: number;
  /** 1: as much as fits; 4: a quarter of that. */
  readonly zoom: number;
}

export const MIDDLE: Cut = { x: 0.5, y: 0.5, zoom: 1 };
export const MOST_ZOOM = 4;

/** A square of a picture, in its pixels. */
export interface Square {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** Return the square of a picture of this size; it is never beyond an edge. Pure. */
export function squareOf({ x, y, zoom }: Cut, width: number, height: number): Square {
  const side = Math.min(width, height) / Math.min(Math.max(zoom, 1), MOST_ZOOM);
  const within = (middle: number, all: number): number =>
    Math.min(Math.max(middle * all - side / 2, 0), all - side);
  return { left: within(x, width), top: within(y, height), side };
}

/** Return the cut whose square is the same, with its middle where it really is. Pure. */
export function settled(cut: Cut, width: number, height: number): Cut {
  const { left, top, side } = squareOf(cut, width, height);
  return { x: (left + side / 2) / width, y: (top + side / 2) / height, zoom: cut.zoom };
}

/** Draw the square of a picture. */
export function draw(canvas: HTMLCanvasElement, picture: ImageBitmap, cut: Cut): void {
  const { left, top, side } = squareOf(cut, picture.width, picture.height);
  const context = canvas.getContext("2d");
  if (!context) return;
  context.imageSmoothingQuality = "high";
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, left, top, side, side, 0, 0, canvas.width, canvas.height);
}

/** Return a picture as a PNG of its own size. Rejects if the browser cannot read it. */
export async function asPng(file: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(file);
  const canvas = document.createElement("canvas");
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return pngOf(canvas.toDataURL("image/png"));
}

/** Return the file of a data URL. */
export function pngOf(url: string): Blob {
  const [, data = ""] = url.split(",", 2);
  return new Blob([fromBase64(data)], { type: "image/png" });
}
