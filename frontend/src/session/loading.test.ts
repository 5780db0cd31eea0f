import type { EngineProgress } from "@open-llm-vtuber/shared/protocol/messages";
import { FakeSocket, fakeSockets } from "@open-llm-vtuber/shared/testing/socket";
import { beforeEach, expect, test } from "vitest";

import { Connection } from "./connection.svelte";
import { Loading } from "./loading.svelte";

let loading: Loading;
beforeEach(() => {
  fakeSockets();
  const connection = new Connection("ws://here/client-ws");
  loading = new Loading(connection);
  connection.connect();
  FakeSocket.last.open();
});

function told(state: EngineProgress["state"], message = ""): void {
  const engine = {
    kind: "llm",
    name: "x",
    done_bytes: null,
    total_bytes: null,
    message,
  } as const;
  FakeSocket.last.say({ type: "loading-progress", engines: [{ ...engine, state }] });
}

test("it is shown while something is loading, until it is put away", () => {
  expect(loading.isShown).toBe(false);
  told("loading");
  expect(loading.isShown).toBe(true);
  loading.putAway();
  expect(loading.isShown).toBe(false);
  told("fetching");
  expect(loading.isShown).toBe(false);
});

test("put away while it loads, it comes back to say that it failed", () => {
  told("loading");
  loading.putAway();
  told("failed");
  expect(loading.isShown).toBe(true);
  loading.putAway();
  expect(loading.isShown).toBe(false);
});

test("put away for one character, it is shown for the next", () => {
  told("loading");
  loading.putAway();
  told("ready");
  told("loading");
  expect(loading.isShown).toBe(true);
});

test("what it tells has failed is counted, as long as it is shown", () => {
  const heard: string[] = [];
  loading.on("failed", (why) => heard.push(why));
  expect(loading.tells("No connection.")).toBe(false);
  told("failed", "No connection.");
  expect(heard).toEqual(["No connection."]);
  expect(loading.tells("No credit.")).toBe(false);
  expect(loading.tells("No connection.")).toBe(true);
  expect(loading.countOf("No connection.")).toBe(1);
  loading.count("No connection.");
  expect(loading.countOf("No connection.")).toBe(2);
  loading.putAway();
  expect(loading.tells("No connection.")).toBe(false);
  told("ready");
  expect(loading.isShown).toBe(false);
});

test("one can talk when all is there that it takes, and what is broken is known", () => {
  const part = { name: "x", done_bytes: null, total_bytes: null, message: "" } as const;
  const say = (...engines: [EngineProgress["kind"], EngineProgress["state"]][]): void => {
    const told = engines.map(([kind, state]) => ({ ...part, kind, state }));
    FakeSocket.last.say({ type: "loading-progress", engines: told });
  };
  expect(loading.isUnderway).toBe(true); // nothing is known yet
  say(["llm", "loading"], ["tts", "ready"], ["turn", "ready"]);
  expect(loading.isUnderway).toBe(true);
  say(["llm", "ready"], ["tts", "ready"], ["turn", "loading"]);
  expect(loading.isUnderway).toBe(false);
  say(["llm", "ready"], ["tts", "ready"], ["turn", "failed"]);
  expect(loading.isUnderway).toBe(false);
  expect(loading.broken).toBeUndefined();
  say(["tts", "failed"], ["llm", "failed"]);
  expect(loading.broken?.kind).toBe("llm");
  loading.putAway();
  expect(loading.isShown).toBe(false);
  loading.show();
  expect(loading.isShown).toBe(true);
});

/** One engine, as the server tells of it; `bytes` are those fetched, and all of them. */
function part(
  kind: EngineProgress["kind"],
  state: EngineProgress["state"],
  bytes: readonly [number, number] | null = null,
): EngineProgress {
  const [done_bytes, total_bytes] = bytes ?? [null, null];
  return { kind, name: `${kind} engine`, state, done_bytes, total_bytes, message: "" };
}

function say(...engines: EngineProgress[]): void {
  FakeSocket.last.say({ type: "loading-progress", engines });
}

test("what is fetched counts by its bytes, and never goes back when a small part is there", () => {
  say(part("vad", "ready"), part("asr", "fetching", [40, 40]), part("llm", "fetching", [0, 960]));
  expect(loading.share).toBeCloseTo(0.04 * 0.95);
  say(part("vad", "ready"), part("asr", "ready"), part("llm", "fetching", [480, 960]));
  expect(loading.share).toBeCloseTo(0.04 + 0.48 * 0.95);
  say(part("vad", "ready"), part("asr", "ready"), part("llm", "loading"));
  expect(loading.share).toBeCloseTo(0.04 + 0.96 * 0.95);
  say(part("vad", "ready"), part("asr", "ready"), part("llm", "ready"));
  expect(loading.share).toBe(1);
});

test("how far all is cannot be known while the size of a part is not", () => {
  say(part("asr", "fetching", [40, 40]), part("llm", "waiting"));
  expect(loading.share).toBeNull();
  say(part("asr", "ready"), part("llm", "fetching"));
  expect(loading.share).toBeNull();
});

test("where nothing is fetched each part counts the same", () => {
  say(part("asr", "ready"), part("tts", "waiting"));
  expect(loading.share).toBe(0.5);
});
