/** The small stores: what the server tells of the character, the group, the files and the times. */

import { FakeSocket, fakeSockets } from "@open-llm-vtuber/shared/testing/socket";
import { beforeEach, expect, test, vi } from "vitest";

import { Character } from "./character.svelte";
import { Configuration } from "./configuration.svelte";
import { Connection } from "./connection.svelte";
import { Group, invitationTo } from "./group.svelte";
import { Metrics } from "./metrics.svelte";

let connection: Connection;
beforeEach(() => {
  fakeSockets();
  vi.stubGlobal("location", new URL("http://here/?token=t&invite=%20ann%20#x"));
  connection = new Connection("ws://here/client-ws");
  connection.connect();
  FakeSocket.last.open();
});

const SETTINGS = { type: "set-model-and-conf", conf_name: "Wren", conf_uid: "1" } as const;

test("a change of character keeps our id, and a model that is the same is not loaded anew", () => {
  const character = new Character(connection);
  expect(character.emotions).toEqual({});
  const model_info = { url: "/a.json", emotionMap: { joy: 1 } };
  FakeSocket.last.say({ ...SETTINGS, model_info, client_uid: "me" });
  const { model } = character;
  FakeSocket.last.say({ ...SETTINGS, model_info, conf_name: "Rook" });
  expect([character.name, character.clientUid, character.emotions]).toEqual([
    "Rook",
    "me",
    { joy: 1 },
  ]);
  expect(character.model).toBe(model);
  FakeSocket.last.say({ ...SETTINGS, model_info: { url: "/b.json" } });
  expect(character.model).not.toBe(model);
});

test("warnings are news once, however often they are told", () => {
  const configuration = new Configuration(connection);
  const news = vi.fn();
  configuration.on("news", news);
  FakeSocket.last.say({ type: "config-warnings", warnings: ["a"] });
  FakeSocket.last.say({ type: "config-warnings", warnings: ["a"] });
  FakeSocket.last.say({ type: "config-warnings", warnings: [] });
  FakeSocket.last.say({ type: "config-warnings", warnings: ["a", "b"] });
  expect(news.mock.calls).toEqual([[1], [2]]);
  expect(configuration.warnings).toEqual(["a", "b"]);
});

test("a group is shared when somebody else is in it, and left when nobody is", () => {
  const group = new Group(connection);
  const people = [
    { uid: "me", human_name: "Me", character_name: "Wren" },
    { uid: "ann", human_name: "Ann", character_name: "Rook" },
  ];
  FakeSocket.last.say({ type: "group-update", members: ["me"], is_owner: true });
  expect([group.isShared, group.nameOf("ann")]).toEqual([false, ""]);
  FakeSocket.last.say({ type: "group-update", members: ["me", "ann"], is_owner: true, people });
  expect([group.isShared, group.isOwner, group.nameOf("ann")]).toEqual([true, true, "Ann"]);
  FakeSocket.last.say({ type: "group-update", members: [], is_owner: false });
  expect([group.isShared, group.people]).toEqual([false, []]);
});

test("the link with which the page was opened invites, until that is answered", () => {
  const replaced = vi.fn();
  vi.stubGlobal("history", { state: null, replaceState: replaced });
  const group = new Group(connection);
  expect(group.invitation).toBe("ann");
  group.invite(group.invitation);
  group.dismissInvitation();
  expect(FakeSocket.last.sent).toEqual([{ type: "add-client-to-group", invitee_uid: "ann" }]);
  expect([group.invitation, `${replaced.mock.calls[0]?.[2]}`]).toEqual([
    "",
    "http://here/?token=t#x",
  ]);
  expect(invitationTo("me", location.href)).toBe("http://here/?token=t&invite=me");
});

const TIMES = {
  type: "turn-metrics",
  endpointing_ms: null,
  asr_ms: null,
  first_token_ms: 10,
  first_audio_ms: 20,
  total_ms: 30,
} as const;

test("how long the sound waited here belongs to its turn, whichever of both comes first", () => {
  const metrics = new Metrics(connection);
  metrics.played("a", 5);
  FakeSocket.last.say({ ...TIMES, turn: "a" });
  FakeSocket.last.say({ ...TIMES, turn: "b" });
  metrics.played("b", 7);
  metrics.played("gone", 9);
  FakeSocket.last.say({ ...TIMES, turn: "c" });
  expect(metrics.turns.map(({ playback_ms }) => playback_ms)).toEqual([5, 7, null]);
});
