import type { Image } from "@open-llm-vtuber/shared/protocol/messages";
import { fakeDevices, type Asked } from "@open-llm-vtuber/shared/testing/devices";
import { settled } from "@open-llm-vtuber/shared/testing/sound";
import { beforeEach, expect, test, vi } from "vitest";

import { STILL_MS } from "./still";
import { MOST_PICTURES, VisionSources } from "./vision_sources.svelte";

let asked: Asked[];
beforeEach(() => {
  asked = fakeDevices();
  vi.spyOn(console, "warn").mockImplementation(() => {});
});

const PICTURE: Image = { source: "upload", data: "data:image/jpeg;base64,AA", mime_type: "" };

/** Give the page a camera whose pictures come, or do not. */
function seen(play: () => Promise<void>, width = 640): void {
  vi.stubGlobal("document", {
    createElement: (name: string) =>
      name === "video"
        ? { play, videoWidth: width, videoHeight: width }
        : { getContext: () => null, toDataURL: () => "data:image/jpeg;base64,AA" },
  });
}

async function open(vision: VisionSources): Promise<Asked> {
  const turning = vision.turn("camera", true);
  const one = asked.at(-1) as Asked;
  one.allow();
  await turning;
  return one;
}

test("a double click leaves no camera on", async () => {
  const vision = new VisionSources();
  const first = vision.turn("camera", true);
  expect(vision.isWanted("camera")).toBe(true);
  await vision.turn("camera", false);
  expect(vision.isWanted("camera")).toBe(false);
  asked[0]?.allow();
  await first;
  expect(vision.camera).toBeNull();
  expect(asked[0]?.stream.track.readyState).toBe("ended");
});

test("of two wishes the latest counts, in whatever order they are granted", async () => {
  const vision = new VisionSources();
  const wishes = [vision.turn("camera", true, "one"), vision.turn("camera", true, "two")];
  asked[1]?.allow();
  await settled();
  asked[0]?.allow();
  await Promise.all(wishes);
  expect(vision.camera).toBe(asked[1]?.stream);
  expect(asked.map(({ stream }) => stream.track.readyState)).toEqual(["ended", "live"]);
});

test("a refusal is told, unless nobody waits for it any more", async () => {
  const vision = new VisionSources();
  const first = vision.turn("camera", true);
  asked[0]?.deny();
  await expect(first).rejects.toThrow();
  expect(vision.isWanted("camera")).toBe(false);
  const second = vision.turn("camera", true);
  void vision.turn("camera", false);
  asked[1]?.deny();
  await expect(second).resolves.toBeUndefined();
});

test("the end of an earlier camera does not turn off the present one", async () => {
  const vision = new VisionSources();
  const first = await open(vision);
  const second = await open(vision);
  first.stream.track.end();
  expect(vision.camera).toBe(second.stream);
  second.stream.track.end();
  expect(vision.camera).toBeNull();
});

test("a camera that shows nothing is left out and told, within a second", async () => {
  vi.useFakeTimers();
  seen(() => new Promise(() => {}));
  const vision = new VisionSources();
  const blind = vi.fn();
  vision.on("blind", blind);
  await open(vision);
  const looking = vision.look();
  await vi.advanceTimersByTimeAsync(STILL_MS);
  expect(await looking).toEqual([]);
  expect(blind).toHaveBeenCalledWith("camera");
  vi.useRealTimers();
});

test.each([
  ["fails", () => Promise.reject(new DOMException("no", "AbortError")), 640],
  ["has no size", () => Promise.resolve(), 0],
])("a frame that %s costs only itself", async (_, play, width) => {
  seen(play, width);
  const vision = new VisionSources();
  await open(vision);
  expect(await vision.look()).toEqual([]);
});

test("a frame of the camera is a picture", async () => {
  seen(() => Promise.resolve());
  const vision = new VisionSources();
  await open(vision);
  expect(await vision.look()).toEqual([
    { source: "camera", data: PICTURE.data, mime_type: "image/jpeg" },
  ]);
});

test("pictures wait for a message, and again if it did not leave", () => {
  const vision = new VisionSources();
  vision.pictures = [PICTURE];
  const taken = vision.take();
  expect([taken, vision.pictures]).toEqual([[PICTURE], []]);
  vision.giveBack(taken);
  expect(vision.pictures).toEqual([PICTURE]);
});

test("camera and screen are on and off each for itself, and both are looked at", async () => {
  seen(() => Promise.resolve());
  const vision = new VisionSources();
  expect(vision.isOpen).toBe(false);
  await open(vision);
  const turning = vision.turn("screen", true);
  asked.at(-1)?.allow();
  await turning;
  expect((await vision.look()).map(({ source }) => source)).toEqual(["camera", "screen"]);
  await vision.turn("camera", false);
  expect([vision.camera, vision.isOpen]).toEqual([null, true]);
  expect((await vision.look()).map(({ source }) => source)).toEqual(["screen"]);
});

test("a source that shows nothing costs the other one nothing", async () => {
  let playing = 0;
  seen(() => ((playing += 1) === 1 ? Promise.reject(new Error("dark")) : Promise.resolve()));
  const vision = new VisionSources();
  const blind = vi.fn();
  vision.on("blind", blind);
  await open(vision);
  const turning = vision.turn("screen", true);
  asked.at(-1)?.allow();
  await turning;
  expect((await vision.look()).map(({ source }) => source)).toEqual(["screen"]);
  expect(blind.mock.calls).toEqual([["camera"]]);
});

test("a camera that is chosen by its id is asked for by it", () => {
  void new VisionSources().turn("camera", true, "desk");
  expect(asked[0]?.constraints).toEqual({ video: { deviceId: { exact: "desk" } } });
});

test("more pictures than a message takes are not kept", () => {
  const vision = new VisionSources();
  vision.pictures = Array<Image>(MOST_PICTURES - 1).fill(PICTURE);
  vision.giveBack([PICTURE, PICTURE]);
  expect(vision.pictures).toHaveLength(MOST_PICTURES);
});
