import { SoundOutput } from "@open-llm-vtuber/shared/audio/output";
import { FakeSource, fakeSound, settled } from "@open-llm-vtuber/shared/testing/sound";
import { beforeEach, expect, test, vi } from "vitest";

import { Player, type Sentence } from "./player";

let reported: unknown[];
beforeEach(() => {
  reported = fakeSound();
});

function sentence(text: string, audio: string | null = ""): Sentence {
  return { audio, text, volumes: [], sliceMs: 20 };
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
  player.then(() => Promise.reject(new Error("no")));
  player.then(() => {
    throw new Error("neither");
  });
  player.then(after);
  await settled();
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
  expect(FakeSource.all).toHaveLength(1);
});
