import {
  fakeCapture,
  fakeDevices,
  FakeWorkletContext,
  FakeWorkletNode,
  type Asked,
} from "@open-llm-vtuber/shared/testing/devices";
import { settled } from "@open-llm-vtuber/shared/testing/sound";
import { beforeEach, expect, test, vi } from "vitest";

import { Recorder, type Listener } from "./recorder";

vi.mock("../../../web_shared/src/audio/capture.worklet.ts?worker&url", () => ({ default: "" }));

let asked: Asked[];
beforeEach(() => {
  asked = fakeDevices();
  fakeCapture();
});

function listener(): Listener {
  return { level: vi.fn(), gone: vi.fn() };
}

async function started(listens: Listener): Promise<Recorder> {
  const starting = Recorder.start(listens);
  asked.at(-1)?.allow();
  return starting;
}

/** A block of the microphone comes. */
function block(...samples: number[]): void {
  FakeWorkletNode.all.at(-1)?.port.onmessage?.({ data: new Float32Array(samples).buffer });
}

test("a recording is all that came, the last block, too, at the rate of the device", async () => {
  const listens = listener();
  const recorder = await started(listens);
  block(0, 0.5);
  const stopping = recorder.stop();
  await settled();
  block(-1);
  FakeWorkletNode.all.at(-1)?.flushed();
  expect(await stopping).toEqual({ samples: new Float32Array([0, 0.5, -1]), rate: 48_000 });
  expect(vi.mocked(listens.level).mock.calls).toEqual([
    [0.5, 2 / 48_000],
    [1, 3 / 48_000],
  ]);
  expect(asked[0]?.stream.track.readyState).toBe("ended");
  expect(listens.gone).not.toHaveBeenCalled();
});

test("what is thrown away lets go of the microphone", async () => {
  const recorder = await started(listener());
  await recorder.discard();
  expect(asked[0]?.stream.track.readyState).toBe("ended");
  expect(FakeWorkletContext.all.map(({ state }) => state)).toEqual(["closed"]);
});

test("a microphone that goes while it records is told", async () => {
  const listens = listener();
  await started(listens);
  asked[0]?.stream.track.end();
  expect(listens.gone).toHaveBeenCalledOnce();
});

test.each([
  ["NotAllowedError", "denied"],
  ["NotFoundError", "noMicrophone"],
  ["NotReadableError", "microphoneBusy"],
])("a browser's %s is told as %s, in its own words", async (name, trouble) => {
  const starting = Recorder.start(listener());
  asked[0]?.deny(name);
  await expect(starting).rejects.toMatchObject({ trouble, detail: "no" });
});

test("a server that does not hand out the script of the audio thread cannot be reached", async () => {
  vi.stubGlobal(
    "AudioContext",
    class extends FakeWorkletContext {
      override audioWorklet = {
        addModule: (): Promise<void> => Promise.reject(new DOMException("", "AbortError")),
      };
    },
  );
  await expect(started(listener())).rejects.toMatchObject({ trouble: "unreachable" });
  expect(asked[0]?.stream.track.readyState).toBe("ended");
});
