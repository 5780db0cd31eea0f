/** The queue of what is played: chunks without gaps, waits without clicks, positions that are true. */

import { beforeEach, expect, test, vi } from "vitest";

import { drawn, FakeContext, FakeGain, FakeSource, fakeSound, RATE, tone } from "../testing/sound";
import { SoundOutput } from "./output";
import { PlaybackQueue } from "./playback_queue";
import type { Segment } from "./segment";

const LEAD_S = 0.01;
const FADE_S = 0.005;

let queue: PlaybackQueue;
let reported: unknown[];
let told: string[];
beforeEach(() => {
  reported = fakeSound();
  told = [];
  queue = new PlaybackQueue(new SoundOutput());
});

/** Open a segment that notes what it tells. */
function open(name: string): Segment {
  return queue.open({
    started: () => void told.push(`${name} started`),
    heard: (at_s) => void told.push(`${name} ${at_s.toFixed(2)}`),
    ended: () => void told.push(`${name} ended`),
  });
}

function say(segment: Segment, seconds: number, isLast = false): void {
  segment.feed(tone(seconds), RATE);
  if (isLast) segment.end();
}

function later(seconds: number): void {
  FakeContext.last.currentTime += seconds;
}

/** When each sound begins, and when the one before it ends. */
function times(): [number, number][] {
  return FakeSource.all.map(({ startAt, endAt }) => [startAt ?? NaN, endAt]);
}

/** How loud the way of the n-th segment is at a time of the clock. */
function loudness(at_s: number, nth = 0): number {
  // The first gain of an output is its volume.
  const plan = FakeGain.all[nth + 1]?.plan ?? [];
  let [now, from_s] = [1, 0];
  for (const [time_s, value, how] of plan) {
    if (time_s > at_s) {
      if (how === "until then") now += ((value - now) * (at_s - from_s)) / (time_s - from_s);
      break;
    }
    [now, from_s] = [value, time_s];
  }
  return now;
}

test("a clock that runs on while the first sound is made ready does not lay it over the next", () => {
  const output = new SoundOutput();
  const made = output.fader.bind(output);
  vi.spyOn(output, "fader").mockImplementation(() => {
    later(0.05);
    return made();
  });
  queue = new PlaybackQueue(output);
  const one = open("one");
  say(one, 0.1);
  say(one, 0.1, true);
  const [first, second] = times();
  expect(first?.[0]).toBeCloseTo(0.05);
  expect(second?.[0]).toBeCloseTo(first?.[1] ?? NaN);
});

test("chunks and segments follow each other without a gap, however early they come", () => {
  const [one, two] = [open("one"), open("two")];
  say(one, 0.3);
  say(two, 0.2, true); // its place is not known yet
  later(0.1);
  say(one, 0.4);
  say(one, 0, true);
  expect(times()).toEqual([
    [LEAD_S, LEAD_S + 0.3],
    [LEAD_S + 0.3, LEAD_S + 0.3 + 0.4],
    [LEAD_S + 0.3 + 0.4, LEAD_S + 0.3 + 0.4 + 0.2],
  ]);
  for (const at_s of [0.2, LEAD_S + 0.3, 0.5, LEAD_S + 0.7]) expect(loudness(at_s)).toBe(1);
});

test("each tells when it begins and ends, and steps happen between them", () => {
  const one = open("one");
  queue.then(() => void told.push("step"));
  const two = open("two");
  say(one, 0.3, true);
  say(two, 0.2, true);
  expect(told).toEqual(["one started", "one -0.01"]);
  FakeSource.all[0]?.end();
  expect(told.slice(2)).toEqual(["one ended", "step", "two started"]);
  FakeSource.all[1]?.end();
  expect(told.at(-1)).toBe("two ended");
  expect(queue.isIdle).toBe(true);
});

test("a segment without sound is over when its turn has come", () => {
  const [one, two] = [open("one"), open("two")];
  two.end();
  expect(told).toEqual([]);
  one.end();
  expect(told).toEqual(["one started", "one ended", "two started", "two ended"]);
  expect(FakeContext.all).toEqual([]); // no device is opened for nothing
});

test("where chunks come late it fades, waits for enough, and goes on without a click", () => {
  const one = open("one");
  say(one, 0.3);
  const end_s = LEAD_S + 0.3;
  expect([loudness(end_s - FADE_S), loudness(end_s)]).toEqual([1, 0]);
  later(0.5);
  FakeSource.all[0]?.end();
  expect(told.at(-1)).not.toBe("one ended");
  expect(queue.position_s).toBeNull();
  say(one, 0.15);
  expect(FakeSource.all).toHaveLength(1); // too little to go on with
  say(one, 0.15);
  expect(FakeSource.all).toHaveLength(3);
  const again_s = 0.5 + LEAD_S;
  expect(FakeSource.all[1]?.startAt).toBe(again_s);
  expect(FakeSource.all[2]?.startAt).toBe(again_s + 0.15);
  expect([loudness(again_s), loudness(again_s + FADE_S)]).toEqual([0, 1]);
  later(0.1 + LEAD_S);
  expect(queue.position_s).toBeCloseTo(0.4); // the wait is no part of it
});

test("a chunk that comes while it fades already is late", () => {
  const one = open("one");
  say(one, 0.3);
  later(0.3 - FADE_S + 0.001);
  say(one, 0.3);
  expect(FakeSource.all[1]?.startAt).toBe(LEAD_S + 0.3);
  expect([loudness(LEAD_S + 0.3), loudness(LEAD_S + 0.3 + FADE_S)]).toEqual([0, 1]);
});

test("a chunk too short to begin with waits for the next, or for the end", () => {
  const one = open("one");
  say(one, 0.02);
  expect([FakeSource.all.length, told]).toEqual([0, []]);
  say(one, 0.04);
  expect(FakeSource.all).toHaveLength(2);
  say(one, 0, true);
  const two = open("two");
  say(two, 0.02, true);
  expect(FakeSource.all).toHaveLength(3);
});

test("what ends after all of it was played is over then", () => {
  const one = open("one");
  say(one, 0.3);
  later(1);
  FakeSource.all[0]?.end();
  one.end();
  expect(told.at(-1)).toBe("one ended");
  expect(loudness(1)).toBe(0);
  say(open("two"), 0.3, true);
  expect(loudness(1 + LEAD_S, 1)).toBe(1);
});

test("stopped, it is silent at once, tells what left the loudspeaker, and forgets the rest", () => {
  const [one, two] = [open("one"), open("two")];
  const step = vi.fn();
  queue.then(step);
  say(one, 0.5, true);
  say(two, 0.5);
  FakeContext.last.outputLatency = 0.2;
  later(0.4 + LEAD_S);
  expect(queue.position_s).toBeCloseTo(0.2);
  queue.stop();
  expect(told.at(-1)).toBe("one 0.20");
  expect(FakeSource.all.map(({ isConnected }) => isConnected)).toEqual([false, false]);
  expect(FakeGain.all[0]?.set.at(-1)).toBe(0); // it fades, and what is played next does not
  say(two, 0.5);
  two.end();
  drawn();
  expect([step.mock.calls.length, told.at(-1), queue.isIdle]).toEqual([0, "one 0.20", true]);
  say(open("three"), 0.3, true);
  expect(FakeSource.all.at(-1)?.startAt).toBe(0.4 + 2 * LEAD_S);
});

test("of much sound only so much has a time, and more as it is played, without a gap", () => {
  const one = open("one");
  for (let part = 0; part < 30; part += 1) say(one, 0.25);
  one.end();
  for (let part = 0; part < 10; part += 1) say(open(`${part}`), 0.25, true);
  expect(FakeSource.all).toHaveLength(32);
  for (let part = 0; part < 40; part += 1) {
    later(0.25);
    FakeSource.all[part]?.end();
    expect(FakeSource.all).toHaveLength(Math.min(40, 33 + part));
  }
  for (const [at, [start_s]] of times().entries()) {
    expect(start_s).toBeCloseTo(LEAD_S + 0.25 * at);
    expect(loudness(start_s)).toBe(1);
  }
  expect([queue.isIdle, told.at(-1)]).toEqual([true, "9 ended"]);
});

test("a growing segment of much sound does not fade where it goes on", () => {
  const one = open("one");
  for (let part = 0; part < 40; part += 1) say(one, 0.25);
  expect(FakeSource.all).toHaveLength(32);
  for (let part = 0; part < 8; part += 1) {
    later(0.25);
    FakeSource.all[part]?.end();
  }
  expect(FakeSource.all).toHaveLength(40);
  one.end();
  for (const [start_s, end_s] of times())
    expect([loudness(start_s), loudness(end_s)]).toEqual([1, 1]);
});

test("how far it is, is told for each picture", () => {
  say(open("one"), 0.5, true);
  for (let picture = 0; picture < 3; picture += 1) {
    later(0.1);
    drawn();
  }
  expect(told.slice(2)).toEqual(["one 0.09", "one 0.19", "one 0.29"]);
  FakeSource.all[0]?.end();
  later(0.1);
  drawn();
  expect(told.at(-1)).toBe("one ended");
});

test("sound of another rate is brought to that of the device, whole", () => {
  const one = open("one");
  for (let part = 0; part < 4; part += 1) one.feed(tone(0.25), 2 * RATE);
  one.end();
  const samples = FakeSource.all.reduce((sum, { buffer }) => sum + buffer.length, 0);
  expect(Math.abs(samples - RATE / 2)).toBeLessThan(10);
});

test("a fault of who listens is reported, and the queue goes on", () => {
  const fault = new Error("no");
  const one = queue.open({
    started: () => {
      throw fault;
    },
  });
  say(one, 0.3, true);
  say(open("two"), 0.3, true);
  FakeSource.all[0]?.end();
  expect(told[0]).toBe("two started");
  expect(reported).toEqual([fault]);
});

test("who stops it when it begins is heard", () => {
  const one = queue.open({ started: () => queue.stop(), ended: () => void told.push("ended") });
  say(one, 0.3, true);
  expect([queue.isIdle, told, FakeSource.all[0]?.isConnected]).toEqual([true, [], false]);
});

/** Words of 0.2 s, with 0.1 s of quiet before each. */
function words(count: number): Float32Array<ArrayBuffer> {
  const quiet = Math.round(0.1 * RATE);
  return tone(0.3 * count).map((sample, at) => (at % (3 * quiet) < quiet ? 0 : sample));
}

test("ducked it is softer within 30 ms, and as loud as ever when it goes on", () => {
  say(open("one"), 1, true);
  queue.duck(0.25);
  expect(FakeGain.all[0]?.set.at(-1)).toBe(0.25);
  queue.resume();
  expect(FakeGain.all[0]?.set.at(-1)).toBe(1);
  expect(FakeSource.all).toHaveLength(1);
});

test("paused it is silent, and goes on from the word that was broken off", () => {
  const one = open("one");
  one.feed(words(4), RATE); // 0.1..0.3, 0.4..0.6, 0.7..0.9, 1.0..1.2
  one.end();
  later(0.5 + LEAD_S);
  queue.duck(0.25);
  queue.pause();
  expect(told.at(-1)).toBe("one 0.50");
  expect([FakeSource.all[0]?.isConnected, FakeGain.all[0]?.set.at(-1)]).toEqual([false, 0]);
  expect(queue.position_s).toBeNull();
  later(5);
  drawn();
  expect(told.at(-1)).toBe("one 0.50");
  queue.resume();
  const again = FakeSource.all[1];
  expect([again?.startAt, again?.offset]).toEqual([5.5 + 2 * LEAD_S, expect.closeTo(0.4)]);
  expect(FakeGain.all[2]?.set[0]).toBe(1); // of what is played now
  later(0.3 + LEAD_S);
  drawn();
  expect([queue.position_s, told.at(-1)]).toEqual([expect.closeTo(0.7), "one 0.70"]);
  again?.end();
  expect([told.at(-1), queue.isIdle]).toEqual(["one ended", true]);
});

test("a word that began in an earlier chunk is begun again there", () => {
  const one = open("one");
  const sound = words(3);
  for (let at = 0; at < sound.length; at += 0.15 * RATE) {
    one.feed(sound.slice(at, at + 0.15 * RATE), RATE);
  }
  later(0.55 + LEAD_S); // in the fourth chunk; the word began in the third
  queue.pause();
  queue.resume();
  const [third, fourth] = FakeSource.all.slice(-4);
  expect(third?.offset).toBeCloseTo(0.1);
  expect(fourth?.startAt).toBeCloseTo((third?.startAt ?? NaN) + 0.05);
});

test("what comes while it is paused waits, and nothing begins or ends", () => {
  const one = open("one");
  say(one, 0.3);
  later(0.1 + LEAD_S);
  queue.pause();
  say(one, 0.3, true);
  const two = open("two");
  two.end();
  queue.then(() => void told.push("step"));
  say(open("three"), 0.2, true);
  expect([FakeSource.all.length, told.at(-1)]).toEqual([1, "one 0.10"]);
  queue.resume();
  expect(FakeSource.all).toHaveLength(4);
  FakeSource.all[1]?.end();
  FakeSource.all[2]?.end();
  expect(told.slice(-5)).toEqual([
    "one ended",
    "two started",
    "two ended",
    "step",
    "three started",
  ]);
});

test("paused before anything sounds, it begins when it goes on", () => {
  queue.pause();
  say(open("one"), 0.3, true);
  expect([FakeSource.all.length, told]).toEqual([0, []]);
  queue.resume();
  expect([FakeSource.all.length, told[0]]).toEqual([1, "one started"]);
});

test("segments that have a time already begin from their beginnings again", () => {
  for (const name of ["one", "two", "three"]) say(open(name), 0.3, true);
  later(0.4 + LEAD_S);
  FakeSource.all[0]?.end();
  queue.pause();
  queue.resume();
  const [two, three] = FakeSource.all.slice(3);
  expect(FakeSource.all).toHaveLength(5);
  expect(three?.startAt).toBeCloseTo(two?.endAt ?? NaN);
  expect(three?.offset).toBe(0);
});

test("paused at its very end it does not say its last word again", () => {
  say(open("one"), 0.3, true);
  later(0.3 + LEAD_S);
  queue.pause();
  queue.resume();
  expect([FakeSource.all.length, told.at(-1)]).toEqual([1, "one ended"]);
});

test("stopped while it is paused, it tells where it paused, and what comes then is loud", () => {
  say(open("one"), 0.5, true);
  later(0.2 + LEAD_S);
  queue.duck(0.25);
  queue.pause();
  later(3);
  queue.stop();
  expect(told.at(-1)).toBe("one 0.20");
  say(open("two"), 0.3, true);
  expect(told.at(-2)).toBe("two started");
  expect(FakeGain.all.at(-2)?.set).toEqual([1]);
});
