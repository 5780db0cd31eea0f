import type { Image } from "@open-llm-vtuber/shared/protocol/messages";
import {
  fakeCapture,
  fakeDevices,
  FakeWorkletContext,
  FakeWorkletNode,
  type Asked,
} from "@open-llm-vtuber/shared/testing/devices";
import { FakeSocket, fakeSockets } from "@open-llm-vtuber/shared/testing/socket";
import { settled } from "@open-llm-vtuber/shared/testing/sound";
import { fakeBrowser } from "@open-llm-vtuber/shared/testing/storage";
import { beforeEach, expect, test, vi } from "vitest";

import { Connection } from "./connection.svelte";
import { MicrophoneControl } from "./microphone_control.svelte";
import { Settings } from "./settings.svelte";
import { VisionSources } from "./vision_sources.svelte";

vi.mock("../../../web_shared/src/audio/capture.worklet.ts?worker&url", () => ({ default: "" }));

let asked: Asked[];
let settings: Settings;
let vision: VisionSources;
let control: MicrophoneControl;
let connection: Connection;
let trouble: string[];

beforeEach(() => {
  fakeSockets();
  fakeBrowser();
  fakeCapture();
  asked = fakeDevices();
  settings = new Settings();
  vision = new VisionSources();
  connection = new Connection("ws://here/client-ws");
  control = new MicrophoneControl(connection, settings, vision);
  trouble = [];
  control.on("trouble", ({ problem }) => void trouble.push(problem));
  connection.connect();
  FakeSocket.last.open();
});

async function granted(turning: Promise<void>): Promise<void> {
  await settled();
  asked.at(-1)?.allow();
  await turning;
}

function frame(): void {
  FakeWorkletNode.all.at(-1)?.frame();
}

function tracks(): string[] {
  return asked.map(({ stream }) => stream.track.readyState);
}

test("pressed twice before the browser allows it, the microphone stays off", async () => {
  const turning = control.turn(true);
  expect(control.isStarting).toBe(true);
  await control.turn(false);
  expect(control.isStarting).toBe(false);
  await granted(turning);
  expect([control.isOn, tracks()]).toEqual([false, ["ended"]]);
});

test("a device that is chosen while the microphone starts is the one that is opened", async () => {
  const first = control.turn(true);
  settings.set({ microphone: "other" });
  const second = control.restart();
  await granted(second);
  asked[0]?.allow();
  await first;
  expect(asked[1]?.constraints.audio?.deviceId).toEqual({ exact: "other" });
  expect(tracks()).toEqual(["ended", "live"]);
  expect(control.isOn).toBe(true);
});

test("a microphone that is muted or held up is not listening, until it is again", async () => {
  await granted(control.turn(true));
  frame();
  expect(control.isListening).toBe(true);
  const track = asked[0]?.stream.track;
  track?.mute(true);
  expect([control.isOn, control.isSilent, control.isListening]).toEqual([true, true, false]);
  frame();
  track?.mute(false);
  expect(control.isListening).toBe(true);
  frame();
  expect(FakeSocket.last.kinds()).toEqual([
    "mic-stream-start",
    "mic-stream-stop",
    "mic-stream-start",
  ]);
  FakeWorkletContext.all[0]?.become("interrupted");
  expect(control.isListening).toBe(false);
  FakeWorkletContext.all[0]?.become("running");
  expect(control.isListening).toBe(true);
});

test("a microphone that is unplugged is off and says so", async () => {
  await granted(control.turn(true));
  frame();
  asked[0]?.stream.track.end();
  expect([control.isOn, control.isListening, trouble]).toEqual([false, false, ["gone"]]);
  expect(FakeSocket.last.kinds()).toEqual(["mic-stream-start", "mic-stream-stop"]);
});

test("one that is unplugged while it starts is off and says so too", async () => {
  const turning = control.turn(true);
  asked[0]?.stream.track.end();
  await granted(turning);
  expect([control.isOn, control.isStarting, trouble]).toEqual([false, false, ["gone"]]);
});

test("a refusal is told, and it can be tried again", async () => {
  const turning = control.turn(true);
  asked[0]?.deny();
  await turning;
  expect([control.isOn, control.isStarting, trouble]).toEqual([false, false, ["blocked"]]);
  await granted(control.turn(true));
  expect(control.isOn).toBe(true);
});

const PICTURE: Image = { source: "upload", data: "data:image/jpeg;base64,AA", mime_type: "" };

test("an utterance is completed even if the camera fails, and its pictures are told", async () => {
  vi.spyOn(vision, "look").mockResolvedValue([]);
  const shown = vi.fn();
  control.on("shown", shown);
  vision.pictures = [PICTURE];
  FakeSocket.last.say({ type: "control", text: "mic-audio-end" });
  await settled();
  expect(FakeSocket.last.sent).toEqual([{ type: "mic-audio-end", images: [PICTURE] }]);
  expect(shown).toHaveBeenCalledWith([PICTURE]);
  expect(vision.pictures).toEqual([]);
});

test("pictures wait on if the connection is lost before they leave", async () => {
  vi.spyOn(vision, "look").mockImplementation(() => {
    FakeSocket.last.onclose?.({ reason: "" });
    return Promise.resolve([]);
  });
  vision.pictures = [PICTURE];
  FakeSocket.last.say({ type: "control", text: "mic-audio-end" });
  await settled();
  expect(vision.pictures).toEqual([PICTURE]);
});

test("push-to-talk tells the server that the key ends what is said", async () => {
  settings.set({ pushToTalk: true });
  control.tune();
  await granted(control.hold(true));
  frame();
  expect(FakeSocket.last.sent[0]).toMatchObject({ type: "mic-stream-start", held: true });
  await control.hold(false);
  frame();
  expect(FakeSocket.last.kinds()).toEqual(["mic-stream-start", "mic-stream-stop"]);
});

test.each([
  ["NotFoundError", "missing"],
  ["NotReadableError", "busy"],
  ["AbortError", "failed"],
])("a device that answers %s is told as %s", async (name, problem) => {
  const turning = control.turn(true);
  asked[0]?.deny(name);
  await turning;
  expect([control.isOn, trouble]).toEqual([false, [problem]]);
});

test("a page that is not secure is told so, and asks for nothing", async () => {
  vi.stubGlobal("navigator", {});
  await control.turn(true);
  expect([control.isOn, trouble, asked]).toEqual([false, ["insecure"], []]);
});

test("a refusal that comes after it was turned off is told to nobody", async () => {
  const turning = control.turn(true);
  await control.turn(false);
  asked[0]?.deny();
  await turning;
  expect(trouble).toEqual([]);
});

test("sound goes on after a lost connection as a stream that is begun anew", async () => {
  await granted(control.turn(true));
  frame();
  const old = FakeSocket.last;
  old.lose();
  control.pause();
  frame();
  expect([control.level, old.kinds()]).toEqual([0, ["mic-stream-start"]]);
  connection.connect();
  FakeSocket.last.open();
  frame();
  frame();
  expect(FakeSocket.last.kinds()).toEqual(["mic-stream-start"]);
});

test("what the settings say of listening is told the server while sound comes, not before", async () => {
  settings.set({ vadSensitivity: 0.25 });
  control.tune();
  expect(FakeSocket.last.sent).toEqual([]);
  await granted(control.turn(true));
  frame();
  settings.set({ pauseMs: 500 });
  control.tune();
  expect(FakeSocket.last.sent).toMatchObject([
    { type: "mic-stream-start", sensitivity: 0.25, pause_ms: null, held: false },
    { type: "mic-stream-start", sensitivity: 0.25, pause_ms: 500, held: false },
  ]);
});

test("the key that is let go before the browser allows it is heard as nothing", async () => {
  settings.set({ pushToTalk: true });
  const holding = control.hold(true);
  await control.hold(false);
  await granted(holding);
  frame();
  expect([control.isOn, control.isListening, FakeSocket.last.kinds()]).toEqual([true, false, []]);
});

test("one microphone after the other: the first is closed before the second is asked for", async () => {
  await granted(control.turn(true));
  const turning = control.restart();
  expect(tracks()[0]).toBe("ended");
  await granted(turning);
  expect(tracks()).toEqual(["ended", "live"]);
  await control.turn(false);
  expect(tracks()).toEqual(["ended", "ended"]);
  await control.restart(); // it was off, so it stays off
  expect(asked).toHaveLength(2);
});

test("what is held to talk is told once, when it is pressed", async () => {
  let pressed = 0;
  control.on("pressed", () => void (pressed += 1));
  settings.set({ pushToTalk: true });
  await granted(control.hold(true));
  await control.hold(true);
  expect(pressed).toBe(1);
  await control.hold(false);
  await control.hold(true);
  expect(pressed).toBe(2);
});

test("what is said apart is heard by nobody else, and then it is as before", async () => {
  await granted(control.turn(true));
  let wasOn = true;
  const apart = control.apart(async () => {
    wasOn = control.isOn;
    throw new Error("the trial failed");
  });
  const failed = expect(apart).rejects.toThrow("the trial failed");
  await settled();
  asked.at(-1)?.allow();
  await failed;
  expect([wasOn, control.isOn, tracks()]).toEqual([false, true, ["ended", "live"]]);
  await control.turn(false);
  await control.apart(async () => {});
  expect([control.isOn, asked.length]).toEqual([false, 2]);
});
