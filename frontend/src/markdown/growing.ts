/** Markdown that grows: finished blocks are kept as they are, only what may still change is read. */

import { plain, type Block } from "./blocks";
import { read, type Placed } from "./read";

/** A list that was begun goes on behind what for a moment looks like a paragraph: "2" before "2.". */
const OPEN_BLOCKS = 2;

export class GrowingMarkdown {
  #source = "";
  #placed: readonly Placed[] = [];
  #blocks: readonly Block[] = [];

  /** Return the blocks of a source. What it shares with the one before are the same objects. */
  blocksOf(source: string): readonly Block[] {
    if (source === this.#source) return this.#blocks;
    const kept = source.startsWith(this.#source) ? this.#placed.slice(0, -OPEN_BLOCKS) : [];
    const from = kept.at(-1)?.end ?? 0;
    this.#source = source;
    try {
      this.#placed = [...kept, ...read(source.slice(from), from)];
      this.#blocks = this.#placed.map(({ block }) => block);
    } catch (error) {
      console.warn("This text is shown as it was written, for it cannot be read.", error);
      this.#placed = [];
      this.#blocks = plain(source);
    }
    return this.#blocks;
  }
}
