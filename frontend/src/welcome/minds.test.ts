/** The choice of a language model is followed until it is over, whatever ends it. */

import { beforeEach, expect, test, vi } from "vitest";

import { Minds } from "./minds.svelte";

let choice: object | null | TypeError;
let chosen: string[];
let minds: Minds;

const SWITCH = { model: "small", done_bytes: 1, total_bytes: 4, error: "" };

beforeEach(async () => {
  vi.useFakeTimers();
  choice = null;
  chosen = [];
  vi.stubGlobal("location", new URL("http://here/"));
  vi.stubGlobal("document", { baseURI: "http://here/", querySelector: () => null });
  vi.stubGlobal("fetch", async (url: string) => {
    if (new URL(url).pathname === "/api/minds") return Response.json({ models: [], services: [] });
    if (choice instanceof TypeError) throw choice;
    return Response.json(choice);
  });
  minds = new Minds((model) => chosen.push(model));
  await minds.look();
});

async function begun(): Promise<void> {
  choice = { ...SWITCH, stage: "fetching" };
  await minds.choose("conf.yaml", "small");
  expect(minds.isUnderway).toBe(true);
}

test("it is followed until it thinks, which is told once", async () => {
  await begun();
  choice = { ...SWITCH, stage: "trying" };
  await vi.advanceTimersByTimeAsync(600);
  expect(minds.now?.stage).toBe("trying");
  choice = { ...SWITCH, stage: "done" };
  await vi.advanceTimersByTimeAsync(5000);
  expect([minds.isUnderway, chosen]).toEqual([false, ["small"]]);
});

test("a server that is away for a moment is asked again", async () => {
  await begun();
  choice = new TypeError("Failed to fetch");
  await vi.advanceTimersByTimeAsync(600);
  expect(minds.isUnderway).toBe(true);
  choice = { ...SWITCH, stage: "failed", error: "No room." };
  await vi.advanceTimersByTimeAsync(3000);
  expect([minds.now?.error, chosen]).toEqual(["No room.", []]);
});

test("a server that was started anew knows of no choice: then there is none", async () => {
  await begun();
  choice = null;
  await vi.advanceTimersByTimeAsync(600);
  expect([minds.now, minds.isUnderway, chosen]).toEqual([null, false, []]);
});

test("who has left is told nothing any more", async () => {
  await begun();
  minds.end();
  choice = { ...SWITCH, stage: "done" };
  await vi.advanceTimersByTimeAsync(5000);
  expect(chosen).toEqual([]);
});
