import { SoundOutput } from "@open-llm-vtuber/shared/audio/output";
import {
  drawn,
  FakeContext,
  FakeGain,
  FakeSource,
  fakeSound,
  RATE,
  settled,
  tone,
  wavOf,
} from "@open-llm-vtuber/shared/testing/sound";
import type { SpeechFrame } from "@open-llm-vtuber/shared/protocol/speech_frame";
import { beforeEach, expect, test, vi } from "vitest";

import { Player, type Sentence } from "./player";

let reported: unknown[];
beforeEach(() => {
  reported = fakeSound();
});

function sentence(text: string, audio: string | null = wavOf(1)): Sentence {
  return { audio, text };
}

function listener(): { started: () => void; heard: (characters: number) => void } {
  return { started: vi.fn(), heard: vi.fn() };
}

test("what throws while a sentence is played is reported, and the next one is heard", async () => {
  const player = new Player(new SoundOutput());
  const fault = new Error("the face cannot do that");
  const throws = (): never => {
    throw fault;
  };
  const second = listener();
  const after = vi.fn();
  player.say(sentence("One."), { started: throws, heard: throws });
  player.say(sentence("Two."), second);
  player.then(after);
  await settled();
  FakeSource.all[0]?.onended?.();
  await settled();
  expect(second.started).toHaveBeenCalledOnce();
  FakeSource.all[1]?.onended?.();
  await settled();
  expect(second.heard).toHaveBeenLastCalledWith(4);
  expect(after).toHaveBeenCalledOnce();
  expect(new Set(reported)).toEqual(new Set([fault]));
});

test("a step that fails does not keep the later ones from happening", async () => {
  const player = new Player(new SoundOutput());
  const after = vi.fn();
  player.say(sentence("One."), listener());
  for (const words of ["no", "neither"]) {
    player.then(() => {
      throw new Error(words);
    });
  }
  player.then(after);
  await settled();
  expect(after).not.toHaveBeenCalled();
  FakeSource.all[0]?.end();
  expect(after).toHaveBeenCalledOnce();
  expect(reported).toHaveLength(2);
});

test("a sentence whose sound cannot be played is shown in silence", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  vi.stubGlobal(
    "AudioBufferSourceNode",
    class {
      connect(): never {
        throw new DOMException("no device", "NotSupportedError");
      }
    },
  );
  const player = new Player(new SoundOutput());
  const one = listener();
  player.say(sentence("One."), one);
  await settled();
  expect(one.started).toHaveBeenCalledOnce();
  expect(one.heard).toHaveBeenLastCalledWith(4);
});

test("what is cut off is silent at once, and nothing queued behind it happens", async () => {
  const player = new Player(new SoundOutput());
  const [one, two] = [listener(), listener()];
  player.say(sentence("One."), one);
  player.say(sentence("Two."), two);
  await settled();
  player.clear();
  await settled();
  expect(one.heard).toHaveBeenCalled();
  expect(two.started).not.toHaveBeenCalled();
  expect(FakeSource.all.map(({ isConnected }) => isConnected)).toEqual([false, false]);
  FakeSource.all[0]?.end();
  await settled();
  expect(two.started).not.toHaveBeenCalled();
});

/** A sentence that sounds for a second; its words come with its loudness. */
const aloud = sentence;

/** So much later, the next picture is drawn. */
function later(seconds: number): void {
  FakeContext.last.currentTime += seconds;
  drawn();
}

function playing(text: string): [Player, { started: () => void; heard: (n: number) => void }] {
  const player = new Player(new SoundOutput());
  const told = listener();
  player.say(aloud(text), told);
  return [player, told];
}

test("words are told as they leave the loudspeaker, each time there are more", async () => {
  const [, told] = playing("One two.");
  await settled();
  later(0.02);
  drawn();
  expect(told.heard).toHaveBeenLastCalledWith(4);
  later(0.7);
  drawn();
  expect(vi.mocked(told.heard).mock.calls).toEqual([[0], [4], [8]]);
});

test("all of a sentence was heard when its sound is over, however late the loudspeaker is", async () => {
  const output = new SoundOutput();
  output.unlock();
  FakeContext.last.outputLatency = 0.25;
  const told = listener();
  const player = new Player(output);
  player.say(aloud("One two three."), told);
  await settled();
  drawn();
  expect(told.heard).toHaveBeenLastCalledWith(0); // nothing has left it yet
  FakeContext.last.currentTime = 0.8;
  drawn();
  FakeSource.all[0]?.end();
  expect(told.heard).toHaveBeenLastCalledWith(14);
});

test("in a tab that draws nothing, what was heard is told when it is cut off", async () => {
  const [player, told] = playing("One two.");
  await settled();
  FakeContext.last.currentTime = 0.7;
  player.clear();
  expect(told.heard).toHaveBeenLastCalledWith(8);
});

test("the lips move with her own voice only, and rest when it is over", async () => {
  const player = new Player(new SoundOutput());
  const rest = { open: 0, wide: 0, round: 0 };
  expect(player.mouth()).toEqual(rest);
  player.say(aloud("Mine."), listener());
  player.say({ ...aloud("Theirs."), isElsewhere: true }, listener());
  await settled();
  later(0.5);
  expect(player.mouth()).not.toEqual(rest);
  later(1);
  FakeSource.all[0]?.end();
  expect(player.mouth()).toEqual(rest);
  player.say(aloud("Mine again."), listener());
  FakeSource.all[1]?.end();
  await settled();
  later(0.8);
  expect(player.mouth()).not.toEqual(rest);
  player.clear();
  expect(player.mouth()).toEqual(rest);
});

test("a sound that cannot be decoded costs its sentence the voice, and the next one is heard", async () => {
  const complained = vi.spyOn(console, "error").mockImplementation(() => {});
  FakeContext.broken = new DOMException("no sound", "EncodingError");
  const player = new Player(new SoundOutput());
  const [one, two] = [listener(), listener()];
  player.say(aloud("One."), one);
  FakeContext.broken = undefined;
  player.say(aloud("Two."), two);
  await settled();
  expect(complained).toHaveBeenCalledOnce();
  expect(one.heard).toHaveBeenCalledWith(4);
  expect(two.started).toHaveBeenCalledOnce();
});

test("what is cut off while it is decoded is never begun; what is said afterwards is", async () => {
  const decode = FakeContext.prototype.decodeAudioData;
  let decoded = (): void => {};
  vi.spyOn(FakeContext.prototype, "decodeAudioData").mockImplementationOnce(
    (file) => new Promise((done) => (decoded = () => done(decode.call(FakeContext.last, file)))),
  );
  const [player, told] = playing("One.");
  await settled(); // it is its turn, but not there yet
  player.clear();
  decoded();
  const next = listener();
  player.say(aloud("Two."), next);
  await settled();
  expect(told.started).not.toHaveBeenCalled();
  expect(next.started).toHaveBeenCalledOnce();
  expect(FakeSource.all).toHaveLength(1);
});

test("the volume that was chosen before there was any sound is the volume of the first", async () => {
  const output = new SoundOutput();
  output.volume = 0.25;
  new Player(output).say(aloud("One."), listener());
  await settled();
  expect(FakeGain.all[0]?.set).toEqual([0.25]);
  output.volume = 0;
  expect(FakeGain.all[0]?.set).toEqual([0.25, 0]);
});

/** The next sound of the sentence with this number. */
function frame(segment: number, seconds: number, isLast = false): SpeechFrame {
  return { segment, isLast, rate: RATE, samples: tone(seconds) };
}

test("a sentence is heard by chunks before all of it is there, and its words come with them", async () => {
  const player = new Player(new SoundOutput());
  const [told, after] = [listener(), vi.fn()];
  player.say({ audio: null, segment: 7, text: "One two three four." }, told);
  player.then(after);
  expect(told.started).not.toHaveBeenCalled();
  player.hear(frame(7, 0.5));
  expect(told.started).toHaveBeenCalledOnce();
  later(0.3);
  const early = vi.mocked(told.heard).mock.lastCall?.[0] ?? 0;
  expect(early).toBeGreaterThan(0);
  expect(early).toBeLessThan(19);
  player.hear(frame(7, 1.5));
  player.hear(frame(7, 0, true));
  expect(FakeSource.all.map(({ buffer }) => buffer.duration)).toEqual([0.5, 1.5]);
  FakeSource.all[0]?.end();
  later(0.9); // a little more than a half: "three" has begun
  expect(told.heard).toHaveBeenLastCalledWith(14);
  expect(after).not.toHaveBeenCalled();
  FakeSource.all[1]?.end();
  expect(told.heard).toHaveBeenLastCalledWith(19);
  expect(after).toHaveBeenCalledOnce();
});

const WORDS = [
  { text: "One", start_s: 0.1, end_s: 0.3 },
  { text: "two", start_s: 0.9, end_s: 1.2 },
  { text: "three", start_s: 1.3, end_s: 1.6 },
];

test("words are heard when the voice said them, by chunks or whole, and a pause keeps them", async () => {
  const player = new Player(new SoundOutput());
  const told = listener();
  player.say({ audio: null, segment: 7, text: "One two three." }, told);
  player.tell(7, WORDS.slice(0, 1));
  player.hear(frame(7, 0.5));
  player.tell(7, WORDS.slice(1));
  player.tell(9, WORDS); // nothing is known of that
  player.hear(frame(7, 1.5));
  player.hear(frame(7, 0, true));
  later(0.8);
  expect(told.heard).toHaveBeenLastCalledWith(4);
  player.pause();
  later(10);
  expect(told.heard).toHaveBeenLastCalledWith(4);
  player.clear();
  expect(told.heard).toHaveBeenLastCalledWith(4);
  const whole = listener();
  player.say({ audio: wavOf(2), words: WORDS, text: "One two three." }, whole);
  await settled();
  later(0.95);
  expect(whole.heard).toHaveBeenLastCalledWith(8);
});

test("of a sentence that was cut off no later chunk sounds, and what was heard is told", () => {
  const player = new Player(new SoundOutput());
  const [told, next] = [listener(), listener()];
  player.say({ audio: null, segment: 7, text: "One two three four." }, told);
  player.hear(frame(7, 0.5));
  FakeContext.last.currentTime += 0.3;
  player.clear();
  const heard = vi.mocked(told.heard).mock.lastCall?.[0] ?? 0;
  expect(heard).toBeGreaterThan(0);
  player.hear(frame(7, 0.5));
  player.hear(frame(7, 0, true));
  player.hear(frame(9, 0.5)); // nothing is known of that
  expect(FakeSource.all).toHaveLength(1);
  expect(told.heard).toHaveBeenLastCalledWith(heard);
  player.say({ audio: null, segment: 8, text: "Five." }, next);
  player.hear(frame(8, 0.5, true));
  expect(next.started).toHaveBeenCalledOnce();
});

test("the lips move with the chunks", () => {
  const player = new Player(new SoundOutput());
  player.say({ audio: null, segment: 7, text: "One." }, listener());
  player.hear(frame(7, 0.5));
  later(0.25);
  expect(player.mouth().wide).toBeGreaterThan(0);
  later(0.5); // what comes next is late
  expect(player.mouth()).toEqual({ open: 0, wide: 0, round: 0 });
});
