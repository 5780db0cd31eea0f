/** A server of characters in the hands of a test: it answers over `fetch` as ours does. */

import { vi } from "vitest";

import { fakeBrowser } from "@open-llm-vtuber/shared/testing/storage";

import type { Fields } from "../characters_api";
import type { EntryChange, LoreEntry } from "../lore_api";
import { NOTHING } from "../merging";

interface Kept {
  etag: number;
  fields: Fields;
}

export class CharacterServer {
  readonly files = new Map<string, Kept>();
  /** Lorebooks by the file of the character. */
  readonly lore = new Map<string, { etag: number; entries: readonly LoreEntry[] }>();
  /** Of requests that change characters. */
  mostBytes = 2 ** 20;
  /** What was asked: method, path, body. */
  readonly asked: [string, string, unknown][] = [];
  /** Answers every request, unless it is null. */
  failure: Response | null = null;
  isAway = false;
  refusesPictures = false;

  constructor() {
    fakeBrowser();
    this.keep("conf.yaml", { conf_name: "Base", persona_prompt: "You are.", language: "en" });
    vi.stubGlobal("document", { querySelector: () => null, baseURI: "http://here/" });
    vi.stubGlobal("location", new URL("http://here/"));
    vi.stubGlobal("fetch", (url: string, init: RequestInit) => this.#answer(new URL(url), init));
  }

  /** Write a file by hand. */
  keep(file: string, fields: Partial<Fields>): void {
    const { etag = 0, fields: before = NOTHING } = this.files.get(file) ?? {};
    this.files.set(file, { etag: etag + 1, fields: { ...before, ...fields } });
  }

  of(file: string): Fields {
    const found = this.files.get(file);
    if (!found) throw new Error(`there is no ${file}`);
    return found.fields;
  }

  async #answer({ pathname }: URL, { method = "GET", body }: RequestInit): Promise<Response> {
    const given: unknown = typeof body === "string" ? JSON.parse(body) : body;
    this.asked.push([method, pathname, given]);
    if (this.isAway) throw new TypeError("Failed to fetch");
    if (this.failure) return this.failure.clone();
    const [, kind, file = ""] = pathname.split("/");
    if (kind === "character-pictures") {
      if (this.refusesPictures) return Response.json({ error: "Too large." }, { status: 413 });
      this.keep(file, { avatar: `${file}.png` });
      return this.#details(file);
    }
    if (kind === "character-lore") return this.#answerLore(file, given);
    if (method === "POST") {
      const { fields } = given as { fields: Partial<Fields> };
      this.keep("new.yaml", { conf_name: fields.character_name ?? "", ...fields });
      return Response.json({ file: "new.yaml" }, { status: 201 });
    }
    const found = this.files.get(file);
    if (!found) return Response.json({ error: "There is no such file." }, { status: 404 });
    if (method === "PATCH") {
      const { fields, etag } = given as { fields: Partial<Fields>; etag: string };
      if (etag !== String(found.etag)) {
        return Response.json({ error: "It was changed.", problems: [] }, { status: 409 });
      }
      this.keep(file, fields);
    }
    return this.#details(file);
  }

  /** Write a lorebook by hand; an entry is called as what it says. */
  keepLore(file: string, entries: readonly Omit<LoreEntry, "id">[]): void {
    const etag = (this.lore.get(file)?.etag ?? 0) + 1;
    const named = entries.map((one) => ({ ...one, id: `${one.keys.join()}: ${one.content}` }));
    this.lore.set(file, { etag, entries: named });
  }

  #answerLore(file: string, given: unknown): Response {
    const { etag, entries } = this.lore.get(file) ?? { etag: "", entries: [] };
    if (given !== undefined) {
      const change = given as { etag: string; entries: readonly EntryChange[] };
      if (change.etag !== `${etag}`) return Response.json({ error: "Changed." }, { status: 409 });
      const usual = { keys: [], content: "", enabled: true, constant: false };
      const before = ({ id }: EntryChange): object => entries.find((one) => one.id === id) ?? usual;
      const wanted = change.entries.map((one) => ({ ...before(one), ...one }) as LoreEntry);
      this.keepLore(file, wanted);
      return this.#answerLore(file, undefined);
    }
    return Response.json({ etag: `${etag}`, entries, most_bytes: 900, problems: [] });
  }

  #details(file: string): Response {
    const { etag, fields } = this.files.get(file) as Kept;
    const { mostBytes } = this;
    return Response.json({
      file,
      etag: String(etag),
      fields,
      has_card: this.lore.has(file),
      most_bytes: mostBytes,
    });
  }
}
