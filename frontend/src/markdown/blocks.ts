/** Markdown in, blocks out: what a text is made of, and where each part stands in it; pure. */

/** A part of a line. `at` is where its text stands in the source, in characters. */
export type Inline =
  | { readonly kind: "text"; readonly text: string; readonly at: number }
  | { readonly kind: "code"; readonly text: string; readonly at: number }
  | { readonly kind: "strong" | "em" | "del"; readonly parts: readonly Inline[] }
  | { readonly kind: "link"; readonly href: string; readonly parts: readonly Inline[] }
  | { readonly kind: "break" };

export interface Cell {
  readonly align: "left" | "right" | "center" | null;
  readonly parts: readonly Inline[];
}

export interface Item {
  /** Whether it is done; null where it is no task. */
  readonly done: boolean | null;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: "paragraph"; readonly parts: readonly Inline[] }
  | { readonly kind: "heading"; readonly level: number; readonly parts: readonly Inline[] }
  | { readonly kind: "code"; readonly language: string; readonly text: string; readonly at: number }
  | { readonly kind: "list"; readonly start: number | null; readonly items: readonly Item[] }
  | { readonly kind: "quote"; readonly blocks: readonly Block[] }
  | {
      readonly kind: "table";
      readonly head: readonly Cell[];
      readonly rows: readonly (readonly Cell[])[];
    }
  | { readonly kind: "rule" };

/** Where links may lead; whatever else calls itself one is text. */
const SCHEMES: ReadonlySet<string> = new Set(["http:", "https:", "mailto:"]);

/** Return an address that a link may lead to, or null. */
export function safeAddress(href: string): string | null {
  try {
    const url = new URL(href);
    return SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null; // it is relative, and what it would be relative to is this page
  }
}

/** Return a text that is one paragraph, as it is. */
export function plain(source: string): readonly Block[] {
  return source ? [{ kind: "paragraph", parts: [{ kind: "text", text: source, at: 0 }] }] : [];
}
