/** A sound that is tried: the latest alone is heard, and stopping it stops nothing else. */

import { SoundOutput } from "@open-llm-vtuber/shared/audio/output";
import { fromBase64 } from "@open-llm-vtuber/shared/base64";
import {
  FakeGain,
  fakeSound,
  FakeSource,
  settled,
  wavOf,
} from "@open-llm-vtuber/shared/testing/sound";
import { beforeEach, expect, test } from "vitest";

import { Sample } from "./sample";

let output: SoundOutput;
let sample: Sample;
beforeEach(() => {
  fakeSound();
  output = new SoundOutput();
  sample = new Sample(output);
});

function file(seconds: number): ArrayBuffer {
  return fromBase64(wavOf(seconds)).buffer;
}

test("it is over when it was heard to its end", async () => {
  let isOver = false;
  void sample.play(file(1)).then(() => (isOver = true));
  await settled();
  expect(isOver).toBe(false);
  FakeSource.all[0]?.end();
  await settled();
  expect(isOver).toBe(true);
});

test("what she says meanwhile goes on when it is stopped", async () => {
  output.fader(); // hers, and before it the one that all go through
  const before = FakeGain.all.map(({ set }) => [...set]);
  void sample.play(file(1));
  await settled();
  sample.stop();
  expect(FakeGain.all.at(-1)?.set).toEqual([1, 0]);
  expect(FakeGain.all.slice(0, before.length).map(({ set }) => set)).toEqual(before);
});

test("when it is over, stopping it once more does nothing to a later one", async () => {
  void sample.play(file(1));
  await settled();
  sample.stop();
  void sample.play(file(2));
  await settled();
  expect(FakeSource.all.map(({ buffer, isConnected }) => [buffer.duration, isConnected])).toEqual([
    [1, false],
    [2, true],
  ]);
});

test("of two that are asked for at once the second is heard", async () => {
  const first = sample.play(file(1));
  void sample.play(file(2));
  await first;
  await settled();
  expect(FakeSource.all.map(({ buffer }) => buffer.duration)).toEqual([2]);
});

test("what is stopped before it is decoded is not heard", async () => {
  const playing = sample.play(file(1));
  sample.stop();
  await playing;
  expect(FakeSource.all).toEqual([]);
});
