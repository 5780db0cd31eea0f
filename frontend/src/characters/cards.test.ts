/** Cards that were chosen: looked at one after the other, and none of them for nobody. */

import { beforeEach, expect, test, vi } from "vitest";

import { Cards } from "./cards.svelte";

const FOUND = {
  ...{ file: null, name: "Ada", fields: {}, notes: [], creator: "", creator_notes: "", tags: [] },
  ...{ lorebook_entries: 0, has_picture: false },
};

let waiting: ((answer: Response) => void)[];
let cards: Cards;

beforeEach(() => {
  waiting = [];
  vi.stubGlobal("location", new URL("http://here/"));
  vi.stubGlobal("document", { baseURI: "http://here/", querySelector: () => null });
  vi.stubGlobal("fetch", () => new Promise<Response>((resolve) => waiting.push(resolve)));
  cards = new Cards();
});

const files = ["a.json", "b.json", "c.json"].map((name) => new File(["{}"], name));

async function answered(answer: Response): Promise<void> {
  await vi.waitUntil(() => waiting.length > 0);
  waiting.shift()?.(answer);
}

function states(): string[] {
  return cards.all.map(({ file, state }) => `${file.name} ${state}`);
}

test("they are looked at in turn, and why one is none is told with it", async () => {
  const added = cards.add(files);
  await answered(Response.json(FOUND));
  await answered(Response.json({ error: "This is no card." }, { status: 400 }));
  await answered(Response.json(FOUND));
  await added;
  expect(states()).toEqual(["a.json ready", "b.json failed", "c.json ready"]);
  expect(cards.all[1]?.failure?.why).toBe("This is no card.");
});

test("what was left out before its turn came is not sent", async () => {
  const added = cards.add(files);
  cards.leave(cards.all[1]?.id ?? 0);
  await answered(Response.json(FOUND));
  await answered(Response.json(FOUND));
  await added;
  expect(states()).toEqual(["a.json ready", "c.json ready"]);
});

test("when the sheet is left nothing more is sent", async () => {
  const added = cards.add(files);
  await vi.waitUntil(() => waiting.length > 0);
  cards.clear();
  await answered(Response.json(FOUND));
  await added;
  expect([cards.all, waiting]).toEqual([[], []]);
});

test("a card is taken in once, however often that is asked", async () => {
  const added = cards.add(files.slice(0, 1));
  await answered(Response.json(FOUND));
  await added;
  const id = cards.all[0]?.id ?? 0;
  const both = [cards.take(id), cards.take(id)];
  await answered(Response.json({ ...FOUND, file: "ada.yaml" }, { status: 201 }));
  await answered(Response.json({ file: "ada.yaml", etag: "1", fields: {}, has_card: true }));
  expect(await Promise.all(both)).toEqual(["ada.yaml", null]);
});
