import type { Image } from "@open-llm-vtuber/shared/protocol/messages";
import { FakeSocket, fakeSockets } from "@open-llm-vtuber/shared/testing/socket";
import { fakeBrowser } from "@open-llm-vtuber/shared/testing/storage";
import { beforeEach, expect, test } from "vitest";

import { Connection } from "./connection.svelte";
import { DraftPictures } from "./draft_pictures";
import { surplus, type PictureStore } from "./picture_store";

beforeEach(() => {
  fakeSockets();
  fakeBrowser();
});

/** As slow as it is told to be. */
class Store implements PictureStore {
  readonly all = new Map<string, readonly Image[]>();
  gate: Promise<void> = Promise.resolve();

  async read(conversation: string): Promise<readonly Image[]> {
    await this.gate;
    return this.all.get(conversation) ?? [];
  }

  async write(conversation: string, pictures: readonly Image[]): Promise<void> {
    await this.gate;
    if (pictures.length) this.all.set(conversation, pictures);
    else this.all.delete(conversation);
  }
}

function picture(name: string): Image {
  return { source: "upload", data: `data:image/png;base64,${name}`, mime_type: "image/png" };
}

class Loaded {
  readonly drafts: DraftPictures;
  #pictures: readonly Image[] = [];

  constructor(store: Store) {
    const connection = new Connection("ws://here/client-ws");
    this.drafts = new DraftPictures(connection, this, store);
    connection.connect();
    FakeSocket.last.open();
  }

  get pictures(): readonly Image[] {
    return this.#pictures;
  }

  /** As an effect of the page does. */
  set pictures(pictures: readonly Image[]) {
    this.#pictures = pictures;
    queueMicrotask(() => this.drafts.follow());
  }
}

function open(history_uid: string): void {
  FakeSocket.last.say({ type: "history-data", history_uid, messages: [] });
}

function begin(history_uid: string): void {
  FakeSocket.last.say({ type: "new-history-created", history_uid });
}

async function rest(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}

test("a reload keeps the pictures of what was being written", async () => {
  const store = new Store();
  const before = new Loaded(store);
  begin("one");
  before.pictures = [picture("a"), picture("b")];
  await rest();
  const after = new Loaded(store);
  expect(after.pictures).toEqual([]);
  open("one");
  await rest();
  expect(after.pictures).toEqual([picture("a"), picture("b")]);
});

test("what is sent, or taken away, is kept no longer", async () => {
  const store = new Store();
  const page = new Loaded(store);
  begin("one");
  page.pictures = [picture("a")];
  await rest();
  page.pictures = [];
  await rest();
  expect(store.all.size).toBe(0);
});

test("each conversation has its own", async () => {
  const store = new Store();
  const page = new Loaded(store);
  open("one");
  await rest();
  page.pictures = [picture("a")];
  await rest();
  open("two");
  expect(page.pictures).toEqual([]);
  await rest();
  page.pictures = [picture("b")];
  await rest();
  open("one");
  await rest();
  expect(page.pictures).toEqual([picture("a")]);
  open("two");
  await rest();
  expect(page.pictures).toEqual([picture("b")]);
});

test("a new conversation takes along what waits", async () => {
  const store = new Store();
  const page = new Loaded(store);
  open("one");
  await rest();
  page.pictures = [picture("a")];
  await rest();
  begin("two");
  await rest();
  expect(page.pictures).toEqual([picture("a")]);
  expect([...store.all.keys()]).toEqual(["two"]);
});

test("what is added while the database is slow stands behind what was kept", async () => {
  const store = new Store();
  store.all.set("one", [picture("a")]);
  const page = new Loaded(store);
  let release = (): void => undefined;
  store.gate = new Promise((resolve) => (release = resolve));
  open("one");
  page.pictures = [picture("b")];
  await rest();
  expect(store.all.get("one")).toEqual([picture("a")]);
  release();
  await rest();
  expect(page.pictures).toEqual([picture("a"), picture("b")]);
  await rest();
  expect(store.all.get("one")).toEqual([picture("a"), picture("b")]);
});

test("who goes on to another conversation meanwhile gets the pictures of that", async () => {
  const store = new Store();
  store.all.set("one", [picture("a")]);
  store.all.set("two", [picture("b")]);
  const page = new Loaded(store);
  let release = (): void => undefined;
  store.gate = new Promise((resolve) => (release = resolve));
  open("one");
  open("two");
  release();
  await rest();
  expect(page.pictures).toEqual([picture("b")]);
  expect(store.all.get("one")).toEqual([picture("a")]);
});

test("a deleted conversation leaves none", async () => {
  const store = new Store();
  store.all.set("one", [picture("a")]);
  new Loaded(store);
  FakeSocket.last.say({ type: "history-deleted", success: true, history_uid: "one" });
  await rest();
  expect(store.all.size).toBe(0);
});

test("the oldest go first where there are too many or too large ones", () => {
  const small = Array.from({ length: 25 }, (_, at) => ({ name: `${at}`, at, chars: 10 }));
  expect(surplus(small, "0")).toEqual(["5", "4", "3", "2", "1"]);
  const large = [1, 2, 3].map((at) => ({ name: `${at}`, at, chars: 20 * 2 ** 20 }));
  expect(surplus(large, "3")).toEqual(["1"]);
  expect(surplus([{ name: "1", at: 1, chars: 100 * 2 ** 20 }], "1")).toEqual([]);
});
