/** Reads Markdown by marked's lexer; what could do anything but be read is text. */

import { Lexer, Tokenizer, getDefaults, type MarkedToken, type Token, type Tokens } from "marked";

import { safeAddress, type Block, type Cell, type Inline, type Item } from "./blocks";

/** Deeper than this nothing is nested; what is stands there as it was written. */
const MOST_DEEP = 8;
/** Quotes within quotes for which the lexer would take seconds. */
const TOO_DEEP = /^(?:[ \t]*>){24}/m;
/** Stands around what is struck through; one tilde alone is a way to speak. */
const STRUCK = "~~";

/** A block of the text as a whole, and where it ends in the source. */
export interface Placed {
  readonly block: Block;
  readonly end: number;
}

/**
 * HTML, definitions of links and underlined headings are no Markdown here: the first could do
 * something, the second would vanish, and the third turns every sentence before a list into a
 * heading for the moment in which only the list's first mark is there.
 */
class SafeTokenizer extends Tokenizer {
  override html(): undefined {}
  override tag(): undefined {}
  override def(): undefined {}
  override lheading(): undefined {}
}

/** Return the blocks of a source that stands at `offset` in the whole. Throws if it is too much. */
export function read(source: string, offset = 0): Placed[] {
  if (TOO_DEEP.test(source)) throw new RangeError("quotes are nested too deeply");
  const lexer = new Lexer({ ...getDefaults(), breaks: true, tokenizer: new SafeTokenizer() });
  const tokens = lexer.lex(source);
  const placed: Placed[] = [];
  let at = 0;
  for (const token of tokens) {
    const reader = new Reader(source.slice(at, at + token.raw.length), offset + at);
    at += token.raw.length;
    for (const block of reader.block(token, 0)) placed.push({ block, end: offset + at });
  }
  return placed;
}

/** Turns the tokens of one block into ours; the texts in it are found again in their order. */
class Reader {
  #from = 0;

  constructor(
    readonly raw: string,
    readonly offset: number,
  ) {}

  block(token: Token, depth: number): Block[] {
    const one = token as MarkedToken;
    if (depth > MOST_DEEP) return [{ kind: "paragraph", parts: [this.#text(one.raw.trim())] }];
    switch (one.type) {
      case "space":
        return [];
      case "hr":
        return [{ kind: "rule" }];
      case "heading":
        return [{ kind: "heading", level: one.depth, parts: this.#inline(one.tokens, depth) }];
      case "code":
        return [this.#code(one)];
      case "blockquote":
        return [{ kind: "quote", blocks: this.#blocks(one.tokens, depth) }];
      case "list": {
        const items = one.items.map((item) => this.#item(item, depth));
        return [{ kind: "list", start: one.ordered ? Number(one.start) : null, items }];
      }
      case "table": {
        const head = one.header.map((cell) => this.#cell(cell, depth));
        const rows = one.rows.map((row) => row.map((cell) => this.#cell(cell, depth)));
        return [{ kind: "table", head, rows }];
      }
      case "paragraph":
      case "text":
        return [{ kind: "paragraph", parts: this.#inline(one.tokens ?? [one], depth) }];
      default:
        return [{ kind: "paragraph", parts: [this.#text(one.raw)] }];
    }
  }

  #blocks(tokens: readonly Token[], depth: number): Block[] {
    return tokens.flatMap((token) => this.block(token, depth + 1));
  }

  #code(token: Tokens.Code): Block {
    const [language = ""] = (token.lang ?? "").split(/\s/, 1);
    const text = token.text.replace(/\n+$/, "");
    return { kind: "code", language, text, at: this.#place(text) };
  }

  #item(item: Tokens.ListItem, depth: number): Item {
    const tokens = item.tokens.filter(({ type }) => type !== "checkbox");
    return {
      done: item.task ? item.checked === true : null,
      blocks: this.#blocks(tokens, depth),
    };
  }

  #cell({ align, tokens }: Tokens.TableCell, depth: number): Cell {
    return { align, parts: this.#inline(tokens, depth) };
  }

  #inline(tokens: readonly Token[], depth: number): Inline[] {
    return tokens.flatMap((token) => this.#part(token as MarkedToken, depth + 1));
  }

  #part(token: MarkedToken, depth: number): Inline[] {
    if (depth > 2 * MOST_DEEP) return [this.#text(token.raw)];
    switch (token.type) {
      case "br":
        return [{ kind: "break" }];
      case "checkbox":
        return [];
      case "codespan":
        return [{ kind: "code", text: token.text, at: this.#place(token.text) }];
      case "strong":
      case "em":
        return [{ kind: token.type, parts: this.#inline(token.tokens, depth) }];
      case "del": {
        if (token.raw.startsWith(STRUCK))
          return [{ kind: "del", parts: this.#inline(token.tokens, depth) }];
        return [this.#text("~"), ...this.#inline(token.tokens, depth), this.#text("~")];
      }
      case "link":
      case "image":
        return [this.#link(token, depth)];
      case "text":
        if (token.tokens) return this.#inline(token.tokens, depth);
        return [this.#text(token.text)];
      case "escape":
        return [this.#text(token.text)];
      default:
        return [this.#text(token.raw)];
    }
  }

  /** A picture would be fetched from elsewhere without being asked for: it is a link, too. */
  #link(token: Tokens.Link | Tokens.Image, depth: number): Inline {
    const href = safeAddress(token.href);
    if (href === null) return this.#text(token.raw);
    if (token.type === "image" || !token.tokens.length)
      return { kind: "link", href, parts: [this.#text(token.text || href)] };
    return { kind: "link", href, parts: this.#inline(token.tokens, depth) };
  }

  #text(text: string): Inline {
    return { kind: "text", text, at: this.#place(text) };
  }

  /** Return where a text stands in the source; one that is written otherwise there is after the last. */
  #place(text: string): number {
    const found = this.raw.indexOf(text, this.#from);
    if (found === -1) return this.offset + this.#from;
    this.#from = found + text.length;
    return this.offset + found;
  }
}
