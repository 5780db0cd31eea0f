import type { Image } from "@open-llm-vtuber/shared/protocol/messages";
import { FakeSocket, fakeSockets } from "@open-llm-vtuber/shared/testing/socket";
import { beforeEach, expect, test, vi } from "vitest";

import { Connection } from "./connection.svelte";
import { ProactiveTimer } from "./proactive_timer.svelte";
import { VisionSources } from "./vision_sources.svelte";

const PICTURE: Image = { source: "upload", data: "data:image/jpeg;base64,AA", mime_type: "" };

let vision: VisionSources;
let timer: ProactiveTimer;
beforeEach(() => {
  fakeSockets();
  vi.useFakeTimers();
  const connection = new Connection("ws://here/client-ws");
  vision = new VisionSources();
  timer = new ProactiveTimer(connection, vision);
  connection.connect();
  FakeSocket.last.open();
  return () => vi.useRealTimers();
});

test("after a silence she speaks, and leaves the pictures of the message alone", async () => {
  vision.pictures = [PICTURE];
  timer.wait(5);
  await vi.advanceTimersByTimeAsync(5000);
  expect(FakeSocket.last.sent).toEqual([{ type: "ai-speak-signal", idle_time: 5, images: [] }]);
  expect(vision.pictures).toEqual([PICTURE]);
});

test("she does not speak if the person begins to while the camera is looked at", async () => {
  let looked = (): void => {};
  vi.spyOn(vision, "look").mockReturnValue(new Promise((resolve) => (looked = () => resolve([]))));
  timer.wait(5);
  await vi.advanceTimersByTimeAsync(5000);
  timer.rest();
  looked();
  await vi.advanceTimersByTimeAsync(0);
  expect(FakeSocket.last.sent).toEqual([]);
});

test("asked to, she speaks at once", async () => {
  await timer.ask();
  expect(FakeSocket.last.sent).toEqual([{ type: "ai-speak-signal", idle_time: -1, images: [] }]);
});

test("waiting anew begins the silence anew, and she speaks once", async () => {
  timer.wait(5);
  await vi.advanceTimersByTimeAsync(4000);
  timer.wait(5);
  await vi.advanceTimersByTimeAsync(4000);
  expect(FakeSocket.last.sent).toEqual([]);
  await vi.advanceTimersByTimeAsync(8000);
  expect(FakeSocket.last.sent).toMatchObject([{ idle_time: 5 }]);
});

test("who never wants it, or begins to write, is left in peace", async () => {
  timer.wait(0);
  await vi.advanceTimersByTimeAsync(9000);
  timer.wait(5);
  timer.rest();
  await vi.advanceTimersByTimeAsync(9000);
  expect(FakeSocket.last.sent).toEqual([]);
});

test("without a connection nothing is asked, nor later", async () => {
  timer.wait(5);
  FakeSocket.last.lose();
  await vi.advanceTimersByTimeAsync(5000);
  expect(FakeSocket.all.flatMap(({ sent }) => sent)).toEqual([]);
});
