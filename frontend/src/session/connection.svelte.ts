/** The socket: typed messages both ways, and another attempt whenever it is lost. */

import { isolated } from "@open-llm-vtuber/shared/isolated";
import type { ClientMessage, ServerMessage } from "@open-llm-vtuber/shared/protocol/messages";

import { Liveness } from "./liveness";

export type Kind = ServerMessage["type"];
export type Message<K extends Kind> = Extract<ServerMessage, { type: K }>;
type Listener = (message: ServerMessage) => void;

const FIRST_RETRY_S = 0.5;
const LAST_RETRY_S = 15;

export class Connection {
  state = $state<"connecting" | "open" | "lost">("connecting");
  /** Why it was lost, as the server put it; "" if it did not say. */
  reason = $state("");
  /** When the next attempt is made, in ms of Date.now(); 0 when none is planned. */
  retryAt = $state(0);
  /** Called each time it is open, before any message has come. */
  onOpen: () => void = () => {};
  /** Called each time it is lost. */
  onLost: () => void = () => {};

  #socket: WebSocket | undefined;
  #listeners = new Map<Kind, Set<Listener>>();
  #retryS = FIRST_RETRY_S;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #liveness = new Liveness(
    () => this.send({ type: "heartbeat" }),
    () => this.#lost(""),
  );
  readonly #url: string;
  readonly #ended = new AbortController();

  constructor(url: string) {
    this.#url = url;
    const { signal } = this.#ended;
    addEventListener("online", () => this.state === "lost" && this.connect(), { signal });
    // The timer of the next attempt is held back while the tab is hidden.
    document.addEventListener(
      "visibilitychange",
      () => {
        if (document.visibilityState === "visible" && this.state === "lost") this.connect();
      },
      { signal },
    );
  }

  connect(): void {
    clearTimeout(this.#timer);
    if (this.#socket) this.#drop(this.#socket);
    this.state = "connecting";
    this.retryAt = 0;
    const socket = new WebSocket(this.#url);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.onopen = () => {
      this.state = "open";
      this.#liveness.start();
      this.onOpen();
    };
    socket.onmessage = ({ data }) => {
      this.#retryS = FIRST_RETRY_S; // not when it opens: a full server opens it, then closes it
      this.#liveness.heard();
      isolated(() => this.#deliver(JSON.parse(data) as ServerMessage));
    };
    socket.onclose = ({ reason }) => this.#lost(reason);
  }

  /** Hang up, for good. */
  end(): void {
    this.#ended.abort();
    clearTimeout(this.#timer);
    if (this.#socket) this.#drop(this.#socket);
    this.state = "lost";
  }

  /** Listen for one kind of message; the returned function ends that. */
  on<K extends Kind>(kind: K, listener: (message: Message<K>) => void): () => void {
    const all = this.#listeners.get(kind) ?? new Set<Listener>();
    this.#listeners.set(kind, all);
    all.add(listener as Listener);
    return () => all.delete(listener as Listener);
  }

  /** Send a message; false when there is no connection. */
  send(message: ClientMessage): boolean {
    if (this.state !== "open") return false;
    this.#socket?.send(JSON.stringify(message));
    return true;
  }

  /** Send a frame of the microphone: 16-bit PCM, 16 kHz, mono. */
  sendSound(frame: ArrayBuffer): void {
    if (this.state === "open") this.#socket?.send(frame);
  }

  #deliver(message: ServerMessage): void {
    for (const listener of [...(this.#listeners.get(message.type) ?? [])]) {
      isolated(() => listener(message));
    }
  }

  #lost(reason: string): void {
    if (this.#socket) this.#drop(this.#socket);
    this.state = "lost";
    this.reason = reason;
    // Spread out, so that a restarted server is not asked by everybody at once.
    const retryInS = this.#retryS * (0.75 + Math.random() / 2);
    this.#retryS = Math.min(this.#retryS * 2, LAST_RETRY_S);
    this.retryAt = Date.now() + retryInS * 1000;
    this.#timer = setTimeout(() => this.connect(), retryInS * 1000);
    this.onLost();
  }

  #drop(socket: WebSocket): void {
    this.#liveness.stop();
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    this.#socket = undefined;
  }
}
