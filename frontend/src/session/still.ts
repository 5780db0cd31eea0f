/** Pictures as models are shown them: files, and single frames of a camera or a screen. */

import type { Image } from "@open-llm-vtuber/shared/protocol/messages";

const LONGEST_SIDE = 1280;
const QUALITY = 0.8;
/** A camera that shows nothing for so long is done without. */
export const STILL_MS = 1000;

/** Return what a stream shows now; null, within a second, if it shows nothing. */
export async function stillOf(
  stream: MediaStream,
  source: "camera" | "screen",
): Promise<Image | null> {
  const video = document.createElement("video");
  try {
    video.muted = true;
    video.playsInline = true;
    video.srcObject = stream;
    await within(STILL_MS, video.play());
    return encode(video, video.videoWidth, video.videoHeight, source);
  } catch (error) {
    console.warn(`The ${source} gave no picture.`, error);
    return null;
  } finally {
    video.srcObject = null;
  }
}

/** Return a picture from a file. Rejects if the browser cannot read it. */
export async function pictureOf(file: Blob, source: "clipboard" | "upload"): Promise<Image> {
  const bitmap = await createImageBitmap(file);
  try {
    return encode(bitmap, bitmap.width, bitmap.height, source);
  } finally {
    bitmap.close();
  }
}

/** Return a picture as a JPEG no larger than models look at. Throws if it shows nothing. */
function encode(
  picture: CanvasImageSource,
  width: number,
  height: number,
  source: Image["source"],
): Image {
  if (!width || !height) throw new Error("the picture has no size");
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return { source, data: canvas.toDataURL("image/jpeg", QUALITY), mime_type: "image/jpeg" };
}

async function within<T>(ms: number, what: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing for ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([what, late]);
  } finally {
    clearTimeout(timer);
  }
}
