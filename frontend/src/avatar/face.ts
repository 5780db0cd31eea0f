/** How long an expression stays that a sentence brought. */

import type { Avatar } from "./types";

/** After its turn, in ms. A turn that begins meanwhile does not keep it. */
export const FADE_MS = 4000;

/** What is no feeling that lasts, but something she does: with the answer it is over. */
const DOING: readonly string[] = ["thinking", "pondering", "thoughtful", "pensive"];

/** Which expression shows what, by the names of feelings. */
type Emotions = Readonly<Record<string, unknown>>;

export class Face {
  private fading: ReturnType<typeof setTimeout> | undefined;
  private shown: string | number | undefined;

  /** @param emotions what the face can do now, and how that is called */
  constructor(
    private readonly express: Avatar["express"],
    private readonly emotions: () => Emotions = () => ({}),
  ) {}

  /** Show the first of a sentence's expressions, if there is one; `strength` is above 0 to 1. */
  sentence([first]: readonly (string | number)[], strength = 1): void {
    if (first === undefined) return;
    this.destroy();
    this.shown = first;
    this.express(first, strength);
  }

  /** Note that the turn is over. Who still looked as if she thought would seem to be busy. */
  rest(): void {
    this.destroy();
    if (this.isDoing) return this.relax();
    this.fading = setTimeout(() => this.relax(), FADE_MS);
  }

  private get isDoing(): boolean {
    const emotions = this.emotions();
    return DOING.some((name) => this.shown === (emotions[name] ?? name));
  }

  private relax(): void {
    this.shown = undefined;
    this.express(null);
  }

  destroy(): void {
    clearTimeout(this.fading);
  }
}
