/** The lines of an answer as they are written, before their sound comes; pure. */

import { joined } from "./joined";

export class WrittenLines {
  #lines: string[] = [];
  /** How many of them have come with their sound. */
  #said = 0;
  /** The first of the part that is shown now: a tool parts an answer. */
  #first = 0;
  #before: string;

  /** @param before what was said of it earlier, if it goes on */
  constructor(before = "") {
    this.#before = before;
  }

  /** The line with this number is written; an empty one takes back what was written from there. */
  take(line: number, text: string): void {
    this.#lines = this.#lines.slice(0, line);
    if (text) this.#lines.push(text);
  }

  /** The next of them has come with its sound. */
  spoken(): void {
    this.#said += 1;
  }

  /** What is to be read of the part that is shown now. */
  get text(): string {
    return this.#from(this.#first);
  }

  /** Another part begins with what has not come with its sound; return what belongs to this one. */
  part(): string {
    const text = this.#from(this.#first, this.#said);
    this.#first = this.#said;
    this.#before = "";
    return text;
  }

  #from(first: number, end?: number): string {
    return this.#lines.slice(first, end).reduce(joined, this.#before);
  }
}
