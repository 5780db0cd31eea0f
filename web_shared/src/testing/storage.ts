/** What a browser keeps, and its events, for unit tests. */

import { vi } from "vitest";

export class FakeStorage {
  #kept = new Map<string, string>();
  writes = 0;

  getItem(key: string): string | null {
    return this.#kept.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.writes += 1;
    this.#kept.set(key, value);
  }

  removeItem(key: string): void {
    this.#kept.delete(key);
  }
}

export interface FakeBrowser {
  local: FakeStorage;
  session: FakeStorage;
  /** Have `window` and `document` tell of something. */
  tell: (kind: string, more?: object) => void;
}

/** Put storage, window events and media queries where a browser has its own. */
export function fakeBrowser(): FakeBrowser {
  const [local, session] = [new FakeStorage(), new FakeStorage()];
  const target = new EventTarget();
  vi.stubGlobal("localStorage", local);
  vi.stubGlobal("sessionStorage", session);
  vi.stubGlobal("matchMedia", () => ({ matches: true }));
  vi.stubGlobal("addEventListener", target.addEventListener.bind(target));
  vi.stubGlobal("document", Object.assign(target, { visibilityState: "visible", hidden: false }));
  return {
    local,
    session,
    tell: (kind, more = {}) => target.dispatchEvent(Object.assign(new Event(kind), more)),
  };
}
