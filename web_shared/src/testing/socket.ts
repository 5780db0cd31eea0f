/** A socket for unit tests: the test is the server. */

import { vi } from "vitest";

import type { ServerMessage } from "../protocol/messages";

export class FakeSocket {
  /** All that were opened; the newest last. */
  static all: FakeSocket[] = [];
  static get last(): FakeSocket {
    const socket = FakeSocket.all.at(-1);
    if (!socket) throw new Error("no socket was opened");
    return socket;
  }

  binaryType = "";
  sent: Record<string, unknown>[] = [];
  isClosed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string | ArrayBuffer }) => void) | null = null;
  onclose: ((event: { reason: string; code?: number }) => void) | null = null;

  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }

  send(data: string | ArrayBuffer): void {
    if (typeof data === "string") this.sent.push(JSON.parse(data) as Record<string, unknown>);
  }

  close(): void {
    this.isClosed = true;
  }

  open(): void {
    this.onopen?.();
  }

  /** The other end, or the network, closes it. */
  lose(reason = ""): void {
    this.onclose?.({ reason });
  }

  say(message: ServerMessage): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  /** A binary frame comes. */
  sound(frame: ArrayBuffer): void {
    this.onmessage?.({ data: frame });
  }

  kinds(): unknown[] {
    return this.sent.map(({ type }) => type);
  }
}

/**
 * Put the double where a browser has its own, with what else a connection listens to; what is
 * returned has the window tell of something.
 */
export function fakeSockets(): (kind: string) => void {
  const target = new EventTarget();
  FakeSocket.all = [];
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("addEventListener", target.addEventListener.bind(target));
  vi.stubGlobal("document", Object.assign(new EventTarget(), { visibilityState: "visible" }));
  return (kind) => void target.dispatchEvent(new Event(kind));
}
