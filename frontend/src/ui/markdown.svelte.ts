/** The component that draws Markdown: fetched with the first answer, and from then on at hand. */

import type { Component } from "svelte";

import type { MarkdownWords } from "../markdown/words";

type Markdown = Component<{ source: string; heardTo?: number; words: MarkdownWords }>;

let loaded = $state.raw<Markdown | null>(null);
let isAsked = false;

/** Return it, or null until it has come; then what asked for it is drawn anew. */
export function markdown(): Markdown | null {
  if (!isAsked) {
    isAsked = true;
    import("../markdown/Markdown.svelte").then(
      (module) => (loaded = module.default),
      () => (isAsked = false), // the text is shown as it was written, and the next one asks again
    );
  }
  return loaded;
}
