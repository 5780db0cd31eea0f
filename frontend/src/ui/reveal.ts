/** Shows a message of the list that was looked up: scrolls to it and marks the words in it. */

import type { Place } from "../session/places";
import { highlight } from "./panels/highlight";

/** What is marked, for `::highlight(found)`. */
const MARKED = "found";

/** Scroll `log` to a message, which then has the focus; return what takes the marks away. */
export function reveal(log: HTMLElement, { entry, words }: Place): () => void {
  const message = log.querySelector<HTMLElement>(`[data-entry="${entry}"]`);
  if (!message) return () => undefined;
  message.scrollIntoView({ block: "center" });
  message.focus({ preventScroll: true });
  // Not every browser marks ranges; the message itself is marked in all of them.
  if (!("highlights" in CSS)) return () => undefined;
  CSS.highlights.set(
    MARKED,
    new Highlight(...rangesOf(message.querySelector(".bubble") ?? message, words)),
  );
  return () => void CSS.highlights.delete(MARKED);
}

/** Return where the words are below `node`, however its text is divided. */
function rangesOf(node: Element, words: string): Range[] {
  const texts: { readonly text: Text; readonly start: number }[] = [];
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  let whole = "";
  while (walker.nextNode()) {
    const text = walker.currentNode as Text;
    texts.push({ text, start: whole.length });
    whole += text.data;
  }
  const ranges: Range[] = [];
  let at = 0;
  for (const piece of highlight(whole, words)) {
    const end = at + piece.text.length;
    if (piece.isHit) ranges.push(rangeBetween(texts, at, end));
    at = end;
  }
  return ranges;
}

function rangeBetween(
  texts: readonly { readonly text: Text; readonly start: number }[],
  from: number,
  to: number,
): Range {
  const range = document.createRange();
  const first = texts.findLast(({ start }) => start <= from);
  const last = texts.findLast(({ start }) => start < to);
  if (first) range.setStart(first.text, from - first.start);
  if (last) range.setEnd(last.text, to - last.start);
  return range;
}
