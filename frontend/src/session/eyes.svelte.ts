/** What the person shows: the camera, the screen, and pictures that go with the next message. */

import type { Image } from "../protocol/messages";

export type Source = "camera" | "screen";

export const MOST_PICTURES = 6;
const LONGEST_SIDE = 1280;
const QUALITY = 0.8;

export class Eyes {
  camera = $state.raw<MediaStream | null>(null);
  screen = $state.raw<MediaStream | null>(null);
  /** What goes with the next message. */
  pictures = $state.raw<readonly Image[]>([]);

  /** Whether there is something to be seen with what is said. */
  readonly isOpen = $derived(
    this.camera !== null || this.screen !== null || this.pictures.length > 0,
  );

  /** Turn a source on or off. Rejects as the browser does, when it is not allowed. */
  async turn(source: Source, on: boolean, device = ""): Promise<void> {
    for (const track of this[source]?.getTracks() ?? []) track.stop();
    this[source] = null;
    if (!on) return;
    const video = device ? { deviceId: { exact: device } } : true;
    const stream =
      source === "camera"
        ? await navigator.mediaDevices.getUserMedia({ video })
        : await navigator.mediaDevices.getDisplayMedia({ video: true });
    for (const track of stream.getTracks()) track.onended = () => (this[source] = null);
    this[source] = stream;
  }

  /** Add a picture to the next message. Rejects if the browser cannot read it. */
  async add(file: Blob, source: "clipboard" | "upload"): Promise<void> {
    const bitmap = await createImageBitmap(file);
    const image = encode(bitmap, bitmap.width, bitmap.height, source);
    bitmap.close();
    this.pictures = [...this.pictures, image].slice(0, MOST_PICTURES);
  }

  remove(picture: Image): void {
    this.pictures = this.pictures.filter((other) => other !== picture);
  }

  /** Return the pictures that wait, and one frame of all that is on; those that waited are gone. */
  async glance(): Promise<Image[]> {
    const seen = [...this.pictures];
    this.pictures = [];
    for (const source of ["camera", "screen"] as const) {
      const stream = this[source];
      if (stream) seen.push(await frameOf(stream, source));
    }
    return seen;
  }
}

async function frameOf(stream: MediaStream, source: Source): Promise<Image> {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  await video.play();
  const image = encode(video, video.videoWidth, video.videoHeight, source);
  video.srcObject = null;
  return image;
}

/** Return a picture as a JPEG no larger than models look at. */
function encode(
  picture: CanvasImageSource,
  width: number,
  height: number,
  source: Image["source"],
): Image {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height, 1));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return { source, data: canvas.toDataURL("image/jpeg", QUALITY), mime_type: "image/jpeg" };
}
