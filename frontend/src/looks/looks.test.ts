/** What the sheet of looks tells when the server does only a part of what was asked. */

import { beforeEach, expect, test, vi } from "vitest";

import { Looks } from "./looks.svelte";

const DRAFT = {
  id: "d1",
  notes: [],
  licence: "",
  models: [
    {
      ...{ file: "a.vrm", kind: "vrm", name: "A", expressions: [], emotions: {} },
      ...{ missing: [], notes: [], licence: "", model: { url: "/looks/a.vrm" } },
    },
  ],
};

/** What the server has, and does not do: method and path. */
let names: string[];
let refused: Set<string>;
let asked: string[];
let looks: Looks;

function answer(method: string, path: string): Response {
  const question = `${method} ${path}`;
  asked.push(question);
  if (refused.has(question)) return Response.json({ error: `Not ${path}.` }, { status: 400 });
  const look = (name: string): object => ({
    ...{ name, kind: "vrm", picture: null, removable: true },
    model: { url: `/looks/${name}.vrm` },
  });
  if (question === "GET /looks") return Response.json(names.map(look));
  if (question === "GET /deleted-looks") return Response.json([]);
  if (question === "POST /look-drafts/d1") {
    names.push("A");
    return Response.json(look("A"));
  }
  if (method === "DELETE" && path.startsWith("/looks/")) {
    names = names.filter((name) => !path.endsWith(name));
    return Response.json({ id: "gone" });
  }
  return Response.json({});
}

/** A file is sent: when the test says so, it is there. */
class Upload {
  static last: Upload;
  readonly upload = { onprogress: null };
  status = 200;
  responseText = JSON.stringify(DRAFT);
  onload = (): void => {};
  onabort = (): void => {};

  constructor() {
    Upload.last = this;
  }

  open(): void {}
  setRequestHeader(): void {}
  send(): void {}
  abort(): void {
    this.onabort();
  }
}

beforeEach(async () => {
  names = ["wren"];
  refused = new Set();
  asked = [];
  vi.stubGlobal("location", new URL("http://here/"));
  vi.stubGlobal("document", { baseURI: "http://here/", querySelector: () => null });
  vi.stubGlobal("XMLHttpRequest", Upload);
  vi.stubGlobal("fetch", async (url: string, { method = "GET" }: RequestInit) =>
    answer(method, new URL(url).pathname),
  );
  looks = new Looks();
  await looks.refresh();
});

/** Begin to send a file; return what is done when that is over. */
async function begun(): Promise<{ added: Promise<void> }> {
  const added = looks.add([{ path: "a.vrm", file: new Blob(["x"]) }]);
  await new Promise((later) => setTimeout(later));
  return { added };
}

async function drafted(): Promise<void> {
  const { added } = await begun();
  Upload.last.onload();
  await added;
}

test("a look that is kept is listed, though nobody could be given it, and that is told", async () => {
  await drafted();
  refused.add("PATCH /characters/ada.yaml");
  expect(await looks.keep("a.vrm", "A", {}, "ada.yaml")).toBeNull();
  expect(looks.all.map(({ name }) => name)).toEqual(["wren", "A"]);
  expect(looks.refusal?.message).toBe("Not /characters/ada.yaml.");
  expect([looks.draft, looks.isBusy]).toEqual([null, false]);
});

test("a look that is deleted can be had back, though the list could not be read anew", async () => {
  refused.add("GET /looks");
  expect(await looks.remove("wren")).toBe("gone");
  expect(looks.refusal?.message).toBe("Not /looks.");
});

test("a file that was sent a moment before it was given up is left nowhere", async () => {
  const { added } = await begun();
  Upload.last.abort = () => {}; // it has come already
  Upload.last.onload();
  looks.cancel();
  await added;
  expect(looks.draft).toBeNull();
  expect(asked).toContain("DELETE /look-drafts/d1");
});

test("what is given up while it is sent is no failure", async () => {
  const { added } = await begun();
  expect(looks.isBusy).toBe(true);
  looks.cancel();
  await added;
  expect([looks.draft, looks.refusal, looks.progress, looks.isBusy]).toEqual([
    null,
    null,
    null,
    false,
  ]);
});
