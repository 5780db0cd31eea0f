import { describe, expect, it, vi } from "vitest";

import type { Block, Inline } from "./blocks";
import { safeAddress } from "./blocks";
import { GrowingMarkdown } from "./growing";
import { read } from "./read";

const SHOPPING = `Here is **all** of it:

1. Bread, *fresh*
   - rye
   - wheat

2. Milk
- [x] done
- [ ] not done

| what | how *much* |
|:-----|---:|
| eggs | 6 |

> A quote
> in two lines

\`\`\`py title="a"
print("1 < 2")

\`\`\`
### Then
~~no~~ ~yes~ \`code\` <b>bold</b> & &amp; [here](https://example.org/a_b?c=1&d=2) 2
---
The end\\*. https://example.org/x and me@example.org`;

function blocks(source: string): readonly Block[] {
  return new GrowingMarkdown().blocksOf(source);
}

/** The texts of blocks, each with where it stands. */
function texts(all: readonly Block[]): [text: string, at: number][] {
  const ofInline = (one: Inline): [string, number][] => {
    if (one.kind === "text" || one.kind === "code") return [[one.text, one.at]];
    return one.kind === "break" ? [] : one.parts.flatMap(ofInline);
  };
  return all.flatMap((block): [string, number][] => {
    if (block.kind === "rule") return [];
    if (block.kind === "code") return [[block.text, block.at]];
    if (block.kind === "list") return block.items.flatMap((item) => texts(item.blocks));
    if (block.kind === "quote") return texts(block.blocks);
    if (block.kind === "table")
      return [block.head, ...block.rows].flat().flatMap(({ parts }) => parts.flatMap(ofInline));
    return block.parts.flatMap(ofInline);
  });
}

function links(all: readonly Block[]): string[] {
  return JSON.stringify(all).match(/(?<="href":")[^"]*/g) ?? [];
}

const kinds = (all: readonly Block[]): string[] => all.map(({ kind }) => kind);

describe("Markdown", () => {
  it("is read into blocks", () => {
    const found = blocks(SHOPPING);
    expect(kinds(found)).toEqual([
      "paragraph",
      "list",
      "list",
      "table",
      "quote",
      "code",
      "heading",
      "paragraph",
      "rule",
      "paragraph",
    ]);
    expect(found[1]).toMatchObject({ start: 1, items: [{ done: null }, { done: null }] });
    expect(found[2]).toMatchObject({ start: null, items: [{ done: true }, { done: false }] });
    expect(found[3]).toMatchObject({ head: [{ align: "left" }, { align: "right" }] });
    expect(found[5]).toMatchObject({ language: "py", text: 'print("1 < 2")' });
    expect(found[6]).toMatchObject({ level: 3 });
    expect(links(found)).toEqual([
      "https://example.org/a_b?c=1&d=2",
      "https://example.org/x",
      "mailto:me@example.org",
    ]);
  });

  it("knows where each text stands in the source, in its order", () => {
    let last = 0;
    for (const [text, at] of texts(blocks(SHOPPING))) {
      expect(SHOPPING.slice(at, at + text.length)).toBe(text);
      expect(at).toBeGreaterThanOrEqual(last);
      last = at;
    }
    expect(last).toBeGreaterThan(SHOPPING.length - 20);
  });

  it("keeps line breaks, and what only looks like Markdown", () => {
    expect(blocks("a\nb")).toEqual([
      {
        kind: "paragraph",
        parts: [
          { kind: "text", text: "a", at: 0 },
          { kind: "break" },
          { kind: "text", text: "b", at: 2 },
        ],
      },
    ]);
    const said = "Hello~ how are you~ 2*3*4 snake_case_name [1] <3 a < b";
    expect(
      texts(blocks(said))
        .map(([text]) => text)
        .join(""),
    ).toContain("Hello~ how are you~");
    expect(JSON.stringify(blocks(said))).not.toContain('"del"');
    expect(kinds(blocks("Here it is:\n- "))).not.toContain("heading");
    expect(kinds(blocks("Here it is:\n---"))).toEqual(["paragraph", "rule"]);
    expect(kinds(blocks("Here it is:\n- a"))).toEqual(["paragraph", "list"]);
    expect(JSON.stringify(blocks("[a]: https://example.org"))).toContain("[a]: ");
  });

  it("has HTML as text", () => {
    const evil = '<img src=x onerror="alert(1)">\n\n<script>alert(1)</script> <a href="x">y</a>';
    expect(new Set(kinds(blocks(evil)))).toEqual(new Set(["paragraph"]));
    const shown = texts(blocks(evil)).map(([text]) => text);
    expect(shown.join("")).toContain('<img src=x onerror="alert(1)">');
    expect(shown.join("")).toContain("<script>alert(1)</script>");
    expect(links(blocks(evil))).toEqual([]);
  });

  it("has pictures as links, and no link to where none may lead", () => {
    expect(blocks("![a cat](https://example.org/cat.png)")).toMatchObject([
      { parts: [{ kind: "link", parts: [{ text: "a cat" }] }] },
    ]);
    for (const href of [
      "javascript:alert(1)",
      "JaVaScRiPt:alert(1)",
      "java\tscript:alert(1)",
      "javascript&#58;alert(1)",
      "data:text/html,x",
      "vbscript:x",
      "file:///etc/passwd",
      "blob:https://example.org/1",
      "/settings",
      "//example.org",
      "?token=1",
      "#top",
    ]) {
      const found = blocks(`[press](${href}) ![see](${href}) <${href}>`);
      expect(links(found), href).toEqual([]);
      expect(
        texts(found)
          .map(([text]) => text)
          .join(""),
        href,
      ).toContain("press");
    }
    expect(safeAddress("https://example.org")).toBe("https://example.org/");
    expect(safeAddress("mailto:a@example.org")).toBe("mailto:a@example.org");
  });

  it("is read as far as it has come as it would be as a whole", () => {
    const growing = new GrowingMarkdown();
    for (let end = 0; end <= SHOPPING.length; end += 1) {
      const source = SHOPPING.slice(0, end);
      expect(growing.blocksOf(source), source).toEqual(read(source).map(({ block }) => block));
    }
  });

  it("keeps what is finished, and begins anew where the text is another", () => {
    const growing = new GrowingMarkdown();
    const before = growing.blocksOf("One.\n\nTwo.\n\nThree.");
    const after = growing.blocksOf("One.\n\nTwo.\n\nThree. And more.");
    expect(after[0]).toBe(before[0]);
    expect(after[2]).not.toBe(before[2]);
    expect(growing.blocksOf("One.\n\nTwo.\n\nThree. And more.")).toBe(after);
    expect(texts(growing.blocksOf("Other."))).toEqual([["Other.", 0]]);
    expect(growing.blocksOf("")).toEqual([]);
  });

  it.each([
    ["quotes", "> ".repeat(20_000)],
    ["lists", "- ".repeat(5_000)],
    ["brackets", "[".repeat(20_000)],
    ["pictures", "![".repeat(10_000)],
    ["stars", "*a ".repeat(6_000)],
    ["underscores", "_".repeat(20_000)],
    ["ticks", "`a``".repeat(5_000)],
    ["pipes", `${"|a".repeat(3_000)}\n${"|-".repeat(3_000)}\n`],
    ["angles", "<".repeat(20_000)],
    ["nested emphasis", "**a *b ".repeat(3_000)],
    ["line breaks", "\n".repeat(20_000)],
    ["odd characters", "\u0000\u202e\ud800 \r\n\r\u2028"],
  ])("shows whatever it is: %s", (_, source) => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const shown = texts(blocks(source)).map(([text]) => text.trim());
    expect(shown.every((text) => typeof text === "string")).toBe(true);
    expect(JSON.stringify(blocks(source)).length).toBeGreaterThan(1);
  });
});
