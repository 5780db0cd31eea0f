/** What the person shows: the camera, the screen, and pictures that go with the next message. */

import { Emitter } from "@open-llm-vtuber/shared/emitter";
import type { Image } from "@open-llm-vtuber/shared/protocol/messages";

import { pictureOf, stillOf } from "./still";

export type Source = "camera" | "screen";
export const SOURCES: readonly Source[] = ["camera", "screen"];

export const MOST_PICTURES = 6;

/** A camera or a screen: the latest wish counts, and what an earlier one still opens is closed. */
class Feed {
  stream = $state.raw<MediaStream | null>(null);
  /** Whether the browser or the person is still being asked. */
  isStarting = $state(false);
  readonly #open: (device: string) => Promise<MediaStream>;
  #wish = 0;

  constructor(open: (device: string) => Promise<MediaStream>) {
    this.#open = open;
  }

  async turn(on: boolean, device: string): Promise<void> {
    const wish = (this.#wish += 1);
    this.#close();
    this.isStarting = on;
    if (!on) return;
    try {
      const stream = await this.#open(device);
      if (wish !== this.#wish) return stop(stream);
      for (const track of stream.getTracks()) {
        track.onended = () => {
          if (this.stream === stream) this.#close();
        };
      }
      this.stream = stream;
    } catch (error) {
      if (wish === this.#wish) throw error;
    } finally {
      if (wish === this.#wish) this.isStarting = false;
    }
  }

  #close(): void {
    if (this.stream) stop(this.stream);
    this.stream = null;
  }
}

/** `blind`: a source is on, but shows nothing. */
export class VisionSources extends Emitter<{ blind: [source: Source] }> {
  /** What goes with the next message. */
  pictures = $state.raw<readonly Image[]>([]);

  readonly #feeds: Record<Source, Feed> = {
    camera: new Feed((device) =>
      navigator.mediaDevices.getUserMedia({
        video: device ? { deviceId: { exact: device } } : true,
      }),
    ),
    screen: new Feed(() => navigator.mediaDevices.getDisplayMedia({ video: true })),
  };

  get camera(): MediaStream | null {
    return this.#feeds.camera.stream;
  }

  get screen(): MediaStream | null {
    return this.#feeds.screen.stream;
  }

  /** Whether there is something to be seen with what is said. */
  get isOpen(): boolean {
    return this.camera !== null || this.screen !== null || this.pictures.length > 0;
  }

  /** Whether a source is on, or will be as soon as the browser allows it. */
  isWanted(source: Source): boolean {
    return this.#feeds[source].stream !== null || this.#feeds[source].isStarting;
  }

  isStarting(source: Source): boolean {
    return this.#feeds[source].isStarting;
  }

  /** Turn a source on or off. Rejects as the browser does, when it is not allowed. */
  turn(source: Source, on: boolean, device = ""): Promise<void> {
    return this.#feeds[source].turn(on, device);
  }

  /** Add a picture to the next message. Rejects if the browser cannot read it. */
  async add(file: Blob, source: "clipboard" | "upload"): Promise<void> {
    const picture = await pictureOf(file, source);
    this.pictures = [...this.pictures, picture].slice(0, MOST_PICTURES);
  }

  remove(picture: Image): void {
    this.pictures = this.pictures.filter((other) => other !== picture);
  }

  /** Return the pictures that wait for a message; it takes them along. */
  take(): readonly Image[] {
    const taken = this.pictures;
    this.pictures = [];
    return taken;
  }

  /** Have pictures wait again: the message that took them did not leave. */
  giveBack(pictures: readonly Image[]): void {
    this.pictures = [...pictures, ...this.pictures].slice(0, MOST_PICTURES);
  }

  /** Return one frame of all that is on, within a second; who shows nothing is left out and told. */
  async look(): Promise<Image[]> {
    const seen = await Promise.all(
      SOURCES.map(async (source) => {
        const stream = this[source];
        const image = stream && (await stillOf(stream, source));
        if (stream && !image) this.emit("blind", source);
        return image;
      }),
    );
    return seen.filter((image) => image !== null);
  }
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
