/** The socket: typed messages both ways, and another attempt whenever it is lost. */

import { Emitter } from "@open-llm-vtuber/shared/emitter";
import { isolated } from "@open-llm-vtuber/shared/isolated";
import type { ClientMessage, ServerMessage } from "@open-llm-vtuber/shared/protocol/messages";
import { readSpeechFrame, type SpeechFrame } from "@open-llm-vtuber/shared/protocol/speech_frame";

import { Liveness } from "./liveness";
import {
  Requests,
  type Question,
  type Reply,
  type RequestKind,
  type RequestOptions,
} from "./requests";

export type Kind = ServerMessage["type"];
export type Message<K extends Kind> = Extract<ServerMessage, { type: K }>;

/** Each message by its type, and what becomes of the socket. */
type Events = { [K in Kind]: [message: Message<K>] } & {
  /** Sound of a line whose message has come. */
  speech: [frame: SpeechFrame];
  /** It is open, before any message has come. */
  open: [];
  /** It is gone; another attempt follows. */
  lost: [];
};

/** Says that this device is let in no more (docs/protocol.md). */
const SHUT_OUT = 4003;
const FIRST_RETRY_S = 0.5;
const LAST_RETRY_S = 15;

export class Connection extends Emitter<Events> {
  state = $state<"connecting" | "open" | "lost">("connecting");
  /** Why it was lost, as the server put it; "" if it did not say. */
  reason = $state("");
  /** Whether this device is let in no more: then no attempt is made. */
  isShutOut = $state(false);
  /** When the next attempt is made, in ms of Date.now(); 0 when none is planned. */
  retryAt = $state(0);

  #socket: WebSocket | undefined;
  #retryS = FIRST_RETRY_S;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #liveness = new Liveness(
    () => this.send({ type: "heartbeat" }),
    () => this.#lost(""),
  );
  readonly #requests = new Requests((message) => this.send(message));
  readonly #url: string;
  readonly #ended = new AbortController();

  constructor(url: string) {
    super();
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
    if (this.isShutOut) return;
    if (this.#socket) this.#drop(this.#socket);
    this.state = "connecting";
    this.retryAt = 0;
    const socket = new WebSocket(this.#url);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.onopen = () => {
      this.state = "open";
      this.#liveness.start();
      this.emit("open");
    };
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      this.#retryS = FIRST_RETRY_S; // not when it opens: a full server opens it, then closes it
      this.#liveness.heard();
      isolated(() => {
        if (typeof data !== "string") return this.#hear(data);
        const message = JSON.parse(data) as ServerMessage;
        this.#requests.hear(message);
        this.emit(message.type, message as never); // of the kind that its type says
      });
    };
    socket.onclose = ({ code, reason }) => {
      if (code === SHUT_OUT) this.#beShutOut(reason);
      else this.#lost(reason);
    };
  }

  /** Hang up, for good. */
  end(): void {
    this.#ended.abort();
    clearTimeout(this.#timer);
    if (this.#socket) this.#drop(this.#socket);
    this.state = "lost";
  }

  /** Send a message; false when there is no connection. */
  send(message: ClientMessage): boolean {
    if (this.state !== "open") return false;
    this.#socket?.send(JSON.stringify(message));
    return true;
  }

  /**
   * Ask something that is answered. Rejects with RequestError, or with the reason of the signal.
   * Who listens for the kind of the answer has heard of it before.
   */
  request<K extends RequestKind>(
    question: Question<K>,
    options?: RequestOptions,
  ): Promise<Reply<K>> {
    return this.#requests.ask(question, options);
  }

  /** Send a frame of the microphone: 16-bit PCM, 16 kHz, mono. */
  sendSound(frame: ArrayBuffer): void {
    if (this.state === "open") this.#socket?.send(frame);
  }

  #hear(frame: ArrayBuffer): void {
    const speech = readSpeechFrame(frame);
    if (speech) this.emit("speech", speech);
  }

  #beShutOut(reason: string): void {
    this.#lost(reason);
    clearTimeout(this.#timer);
    this.isShutOut = true;
    this.retryAt = 0;
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
    this.emit("lost");
  }

  #drop(socket: WebSocket): void {
    this.#liveness.stop();
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    this.#socket = undefined;
    this.#requests.lose();
  }
}
