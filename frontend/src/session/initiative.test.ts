import { beforeEach, expect, test, vi } from "vitest";

import type { Image } from "../protocol/messages";
import { FakeSocket, fakeSockets } from "../testing/socket";
import { Connection } from "./connection.svelte";
import { Eyes } from "./eyes.svelte";
import { Initiative } from "./initiative.svelte";

const PICTURE: Image = { source: "upload", data: "data:image/jpeg;base64,AA", mime_type: "" };

let eyes: Eyes;
let initiative: Initiative;
beforeEach(() => {
  fakeSockets();
  vi.useFakeTimers();
  const connection = new Connection("ws://here/client-ws");
  eyes = new Eyes();
  initiative = new Initiative(connection, eyes);
  connection.connect();
  FakeSocket.last.open();
  return () => vi.useRealTimers();
});

test("after a silence she speaks, and leaves the pictures of the message alone", async () => {
  eyes.pictures = [PICTURE];
  initiative.wait(5);
  await vi.advanceTimersByTimeAsync(5000);
  expect(FakeSocket.last.sent).toEqual([{ type: "ai-speak-signal", idle_time: 5, images: [] }]);
  expect(eyes.pictures).toEqual([PICTURE]);
});

test("she does not speak if the person begins to while the camera is looked at", async () => {
  let looked = (): void => {};
  vi.spyOn(eyes, "look").mockReturnValue(new Promise((resolve) => (looked = () => resolve([]))));
  initiative.wait(5);
  await vi.advanceTimersByTimeAsync(5000);
  initiative.rest();
  looked();
  await vi.advanceTimersByTimeAsync(0);
  expect(FakeSocket.last.sent).toEqual([]);
});

test("asked to, she speaks at once", async () => {
  await initiative.ask();
  expect(FakeSocket.last.sent).toEqual([{ type: "ai-speak-signal", idle_time: -1, images: [] }]);
});
