/** The player of the web tool: which sound is heard, how far it is, and when there is none. */

import {
  drawn,
  FakeBuffer,
  FakeContext,
  FakeSource,
  fakeSound,
  RATE,
} from "@open-llm-vtuber/shared/testing/sound";
import { beforeEach, expect, test } from "vitest";

import { Player, type Playing } from "./player";

const LEAD_S = 0.01;

let told: (Playing | null)[];
let player: Player;
beforeEach(() => {
  fakeSound();
  told = [];
  player = new Player((playing) => void told.push(playing));
});

/** A sound of one second. */
function add(id: number): void {
  player.add(id, new FakeBuffer({ length: RATE, sampleRate: RATE }) as unknown as AudioBuffer);
}

function later(seconds: number): void {
  FakeContext.last.currentTime += seconds;
  drawn();
}

test("sounds follow each other without a gap, and it is told which is heard, and how far", () => {
  add(1);
  later(LEAD_S + 0.25);
  add(2);
  expect(FakeSource.all.map(({ startAt }) => startAt)).toEqual([LEAD_S, LEAD_S + 1]);
  expect(told.at(-1)).toEqual({ id: 1, part: 0.25 });
  later(0.75);
  FakeSource.all[0]?.end();
  expect(told.at(-1)).toEqual({ id: 2, part: 0 });
  later(0.5);
  expect(told.at(-1)?.id).toBe(2);
  expect(told.at(-1)?.part).toBeCloseTo(0.5);
  expect(told).not.toContain(null);
  FakeSource.all[1]?.end();
  expect(told.at(-1)).toBeNull();
});

test("stopped, nothing plays and nothing waits; there is nothing to stop twice", () => {
  player.stop();
  expect(told).toEqual([]);
  add(1);
  add(2);
  player.stop();
  expect(told.at(-1)).toBeNull();
  expect(FakeSource.all.some(({ isConnected }) => isConnected)).toBe(false);
  const count = told.length;
  player.stop();
  later(1);
  expect(told).toHaveLength(count);
});

test("closed, it gives the device back", async () => {
  add(1);
  await player.close();
  expect([told.at(-1), FakeContext.last.state]).toEqual([null, "closed"]);
});
