/** A conversation by a scripted server, a scripted clock and a scripted loudspeaker. */

import { SoundOutput } from "@open-llm-vtuber/shared/audio/output";
import type { Audio, Image, ToolCallStatus } from "@open-llm-vtuber/shared/protocol/messages";
import { FakeSocket, fakeSockets } from "@open-llm-vtuber/shared/testing/socket";
import {
  drawn,
  FakeContext,
  FakeSource,
  fakeSound,
  RATE,
  settled,
  tone,
  wavOf,
} from "@open-llm-vtuber/shared/testing/sound";

import { Player } from "../../audio/player";
import { Connection } from "../connection.svelte";
import { Conversation } from "../conversation.svelte";
import type { Entry } from "../message.svelte";
import { Metrics } from "../metrics.svelte";

export let conversation: Conversation;
export let metrics: Metrics;
export let connection: Connection;
export let group: { isShared: boolean };
export let permissions: { isAsking: boolean };

/** A new page that is connected. */
export function connected(): void {
  fakeSockets();
  fakeSound();
  connection = new Connection("ws://here/client-ws");
  metrics = new Metrics(connection);
  group = { isShared: false };
  permissions = { isAsking: false };
  const player = new Player(new SoundOutput());
  const character = { emotions: { joy: 1 } };
  conversation = new Conversation(connection, player, metrics, character, group, permissions);
  connection.connect();
  FakeSocket.last.open();
}

/** A sentence that sounds for two seconds. */
export function sentence(text: string, more: Partial<Audio> = {}): Audio {
  return {
    type: "audio",
    turn,
    audio: wavOf(2),
    volumes: [],
    slice_length: 20,
    display_text: { text, name: "Wren", avatar: "" },
    actions: null,
    forwarded: false,
    ...more,
  };
}

/** The turn of what comes. */
export let turn = "";
let begun = 0;

/** A turn of its own begins. */
export function begin(): void {
  turn = `turn-${(begun += 1)}`;
  FakeSocket.last.say({ type: "control", text: "conversation-chain-start", turn });
}

/** Sentences come, and the first sound leaves the loudspeaker, if none does yet. */
export async function say(...sentences: Audio[]): Promise<void> {
  for (const one of sentences) FakeSocket.last.say(one);
  await settled();
  if (FakeContext.all.length) hear(LEAD_S);
}

/** So long a sound is on its way to the loudspeaker. */
export const LEAD_S = 0.01;

/** So much of the sentence that sounds is over. */
export function hear(seconds: number): void {
  FakeContext.last.currentTime += seconds;
  drawn();
}

/** The sentence that sounds is over. */
export async function end(): Promise<void> {
  const source = FakeSource.all.find(({ onended, isOver }) => onended && !isOver);
  if (!source) throw new Error("nothing sounds");
  FakeContext.last.currentTime = Math.max(FakeContext.last.currentTime, source.endAt);
  source.end();
  await settled();
  drawn();
}

export function shown(): unknown[] {
  return conversation.entries.map((entry) =>
    entry.kind === "message" ? entry.text : `${entry.name}: ${entry.status}`,
  );
}

export function entry(at: number): Entry {
  const found = conversation.entries.at(at);
  if (!found) throw new Error("there is no such entry");
  return found;
}

export function pictures(): (readonly string[])[] {
  return conversation.entries.map((one) => (one.kind === "message" ? one.images : []));
}

/** The next half second of the sentence with this number comes. */
export function half(segment: number, isLast = false): void {
  const pcm = Int16Array.from(tone(0.5), (sample) => 32_767 * sample);
  const frame = new DataView(new ArrayBuffer(12 + pcm.byteLength));
  frame.setUint8(0, 1);
  frame.setUint8(1, isLast ? 1 : 0);
  frame.setUint32(4, segment, true);
  frame.setUint32(8, RATE, true);
  new Int16Array(frame.buffer, 12).set(pcm);
  FakeSocket.last.sound(frame.buffer);
}

/** What a camera saw. */
export const PICTURE: Image = {
  source: "camera",
  data: "data:image/jpeg;base64,AA",
  mime_type: "",
};

/** A tool that begins. */
export const CALL: ToolCallStatus = {
  type: "tool_call_status",
  tool_id: "1",
  tool_name: "clock",
  status: "running",
  content: 'Input: {"zone": "UTC"}',
  timestamp: "",
  name: "Wren",
};
