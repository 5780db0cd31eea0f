import { describe, expect, it } from "vitest";

import {
  changesOf,
  isChanged,
  neverTold,
  newRow,
  rebased,
  rowsOf,
  wordsIn,
  wrongRows,
} from "./lore";
import type { LoreEntry } from "./lore_api";

const entry = (id: string, more: Partial<LoreEntry> = {}): LoreEntry => ({
  id,
  keys: [id],
  content: `About ${id}.`,
  enabled: true,
  constant: false,
  ...more,
});
const BASE = [entry("fox", { keys: ["fox", "a, b"] }), entry("owl"), entry("elk")];

describe("a lorebook that is being written", () => {
  it("sends nothing but what was changed", () => {
    const rows = rowsOf(BASE);
    expect(isChanged(BASE, rows)).toBe(false);
    expect(changesOf(BASE, rows)).toEqual([{ id: "fox" }, { id: "owl" }, { id: "elk" }]);
    const changed = rows.map((row) => (row.id === "owl" ? { ...row, words: "owl，雪鸮" } : row));
    expect(isChanged(BASE, changed)).toBe(true);
    expect(changesOf(BASE, changed)[1]).toEqual({ id: "owl", keys: ["owl", "雪鸮"] });
  });

  it("is changed by an order, by what goes and by what is new", () => {
    const [fox, owl, elk] = rowsOf(BASE) as [never, never, never];
    for (const rows of [
      [owl, fox, elk],
      [fox, owl],
      [fox, owl, elk, newRow("n")],
    ]) {
      expect(isChanged(BASE, rows)).toBe(true);
    }
    expect(changesOf(BASE, [newRow("n")])).toEqual([
      { keys: [], content: "", enabled: true, constant: false },
    ]);
  });

  it("parts words at commas of either kind", () => {
    expect(wordsIn(" fox, 狐狸，fox、 ,red fox ")).toEqual(["fox", "狐狸", "red fox"]);
  });

  it("is put together with what was changed elsewhere, and nothing is lost", () => {
    const [fox, owl, elk] = rowsOf(BASE) as [never, never, never];
    const mine = [elk, { ...(fox as object), content: "Mine." } as never, newRow("n")]; // owl goes
    const theirs = [
      entry("fox2", { content: "Theirs." }),
      entry("owl"),
      entry("elk"),
      entry("new"),
    ];
    const rows = rebased(BASE, mine, theirs);
    expect(rows.map(({ id, content }) => [id, content])).toEqual([
      ["elk", "About elk."],
      ["", "Mine."],
      ["", ""],
      ["fox2", "Theirs."],
      ["new", "About new."],
    ]);
    expect(rebased(BASE, rowsOf(BASE), [entry("owl")]).map(({ id }) => id)).toEqual(["owl"]);
    expect(rebased(BASE, [fox, owl, elk], theirs).map(({ id }) => id)).toEqual([
      "owl",
      "elk",
      "fox2",
      "new",
    ]);
  });

  it("says what is wrong with which row", () => {
    const row = { ...newRow("n"), content: "x" };
    expect(wrongRows([row])).toEqual({});
    expect(wrongRows([newRow("n")])).toEqual({ n: { content: { kind: "empty" } } });
    const words = Array.from({ length: 51 }, (_, at) => `w${at}`).join();
    expect(wrongRows([{ ...row, words }])).toEqual({ n: { words: { kind: "tooMany", most: 50 } } });
    expect(wrongRows([{ ...row, words: "x".repeat(201), content: "x".repeat(100_001) }])).toEqual({
      n: {
        words: { kind: "tooLong", most: 200 },
        content: { kind: "tooLong", most: 100_000 },
      },
    });
  });

  it("knows what is never told", () => {
    const row = { ...newRow("n"), words: "fox", content: "猫".repeat(300) };
    expect(neverTold(row, 900)).toBe("tooLong"); // bytes count, and what parts it from others
    expect(neverTold(row, 901)).toBe("");
    expect(neverTold({ ...row, words: " , " }, 901)).toBe("wordless");
    expect(neverTold({ ...row, words: "", constant: true }, 901)).toBe("");
    expect(neverTold({ ...row, words: "", enabled: false }, 1)).toBe("");
  });
});
