import { beforeEach, expect, test, vi } from "vitest";

import { fakeCapture, FakeStream, FakeWorkletContext, FakeWorkletNode } from "../testing/devices";
import { Capture } from "./capture";

vi.mock("./capture.worklet.ts?worker&url", () => ({ default: "" }));

const FORM = { rate: 16_000, frame: 512, samples: "pcm16" } as const;

beforeEach(() => fakeCapture());

function open(take: (frame: ArrayBuffer) => void = () => {}): Promise<Capture> {
  return Capture.open(new FakeStream() as unknown as MediaStream, FORM, take);
}

test("frames are taken until it is closed", async () => {
  const take = vi.fn();
  const capture = await open(take);
  const [node] = FakeWorkletNode.all;
  node?.frame();
  await capture.close();
  node?.frame();
  expect(take).toHaveBeenCalledOnce();
  expect([capture.isRunning, FakeWorkletContext.all.map(({ state }) => state)]).toEqual([
    false,
    ["closed"],
  ]);
});

test("a browser that does not convert a microphone's rate keeps the device's", async () => {
  vi.spyOn(FakeWorkletContext.prototype, "createMediaStreamSource").mockImplementationOnce(() => {
    throw new DOMException("no", "NotSupportedError");
  });
  await open();
  expect(FakeWorkletContext.all.map(({ state }) => state)).toEqual(["closed", "running"]);
});

test("what could not begin is let go, and why is told as the browser does", async () => {
  const fault = new DOMException("no script", "AbortError");
  vi.stubGlobal(
    "AudioContext",
    class extends FakeWorkletContext {
      override audioWorklet = { addModule: (): Promise<void> => Promise.reject(fault) };
    },
  );
  await expect(open()).rejects.toBe(fault);
  expect(FakeWorkletContext.all.map(({ state }) => state)).toEqual(["closed"]);
});

test("what is left of a frame is waited for, but not for ever", async () => {
  const capture = await open();
  const [node] = FakeWorkletNode.all;
  let isFlushed = false;
  const flushing = capture.flush().then(() => (isFlushed = true));
  await Promise.resolve();
  expect([isFlushed, node?.asked]).toEqual([false, ["flush"]]);
  node?.flushed();
  await flushing;
  vi.useFakeTimers();
  const late = capture.flush(); // held up, as by a telephone call
  await vi.advanceTimersByTimeAsync(1000);
  await expect(late).resolves.toBeUndefined();
  vi.useRealTimers();
});
