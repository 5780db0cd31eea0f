/** The socket: typed messages both ways; when it is lost, the session goes on over another one, if it can. */

import { Emitter } from "@open-llm-vtuber/shared/emitter";
import { isolated } from "@open-llm-vtuber/shared/isolated";
import type {
  ClientMessage,
  Resumed,
  ServerMessage,
} from "@open-llm-vtuber/shared/protocol/messages";
import { readSpeechFrame, type SpeechFrame } from "@open-llm-vtuber/shared/protocol/speech_frame";

import { Liveness } from "./liveness";
import {
  Requests,
  type Question,
  type Reply,
  type RequestKind,
  type RequestOptions,
} from "./requests";
import { Resumption } from "./resumption";

export type Kind = ServerMessage["type"];
export type Message<K extends Kind> = Extract<ServerMessage, { type: K }>;

/** Each message by its type, and what becomes of the socket. */
type Events = { [K in Kind]: [message: Message<K>] } & {
  /** Sound of a line whose message has come. */
  speech: [frame: SpeechFrame];
  /** It is open, before any message has come. */
  open: [];
  /** It is gone for a moment: what goes on may go on. What is said is kept; of sound nothing is. */
  away: [];
  /** All goes on. */
  resumed: [];
  /** The session goes on, but something was missed; `lost` has been told. */
  missed: [];
  /** It is gone, and with it what went on; another attempt follows. */
  lost: [];
};

const FIRST_RETRY_S = 0.5;
const LAST_RETRY_S = 15;
/** Who may go on does not wait long: the network is often back at once. */
const FIRST_RESUME_S = 0.25;
const LAST_RESUME_S = 3;
/** So long an attempt to go on may take; a network that is half there keeps it waiting for minutes. */
const ATTEMPT_MS = 6000;
/** Says that we come back (docs/protocol.md). */
const COMES_BACK = 4000;
/** Says that this device is let in no more. */
const SHUT_OUT = 4003;
/** Says that the session is over, or goes on elsewhere: the server ends (1012), or has given us up. */
const OVER: ReadonlySet<number> = new Set([1012, 1013, 4001, SHUT_OUT]);

export class Connection extends Emitter<Events> {
  state = $state<"connecting" | "open" | "resuming" | "lost">("connecting");
  /** Why it was lost, as the server put it; "" if it did not say. */
  reason = $state("");
  /** Whether this device is let in no more: then no attempt is made. */
  isShutOut = $state(false);
  /** When the next attempt is made, in ms of Date.now(); 0 when none is planned. */
  retryAt = $state(0);

  #socket: WebSocket | undefined;
  #retryS = FIRST_RETRY_S;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt: ReturnType<typeof setTimeout> | undefined;
  /** Since when it is away, in ms of Date.now(). */
  #awaySince = 0;
  readonly #resumption = new Resumption();
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
    addEventListener("online", () => this.#retry(), { signal });
    // The timer of the next attempt is held back while the tab is hidden.
    document.addEventListener(
      "visibilitychange",
      () => {
        if (document.visibilityState === "visible") this.#retry();
      },
      { signal },
    );
  }

  connect(): void {
    clearTimeout(this.#timer);
    if (this.isShutOut) return;
    if (this.#socket) this.#drop(this.#socket);
    this.retryAt = 0;
    const resumes = this.#resumption.isPossible;
    if (!resumes) this.state = "connecting";
    const socket = new WebSocket(resumes ? `${this.#url}&resume=1` : this.#url);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    if (resumes) this.#attempt = setTimeout(() => this.#lost(""), ATTEMPT_MS);
    socket.onopen = () => {
      this.#liveness.start();
      if (resumes) return socket.send(JSON.stringify(this.#resumption.wish));
      this.state = "open";
      this.emit("open");
    };
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      this.#retryS = FIRST_RETRY_S; // not when it opens: a full server opens it, then closes it
      this.#liveness.heard();
      isolated(() => {
        if (typeof data !== "string") {
          this.#confirm(data.byteLength);
          return this.#hear(data);
        }
        const message = JSON.parse(data) as ServerMessage;
        if (this.state === "resuming") return this.#answered(message);
        this.#confirm(data.length);
        if (message.type === "received") return this.#resumption.heard(message.number);
        if (message.type === "resume-token") {
          socket.send(JSON.stringify(this.#resumption.begin(message)));
        }
        this.#requests.hear(message);
        this.emit(message.type, message as never); // of the kind that its type says
      });
    };
    socket.onclose = ({ code, reason }) => {
      if (OVER.has(code)) this.#resumption.forget();
      this.#lost(reason);
      if (code === SHUT_OUT) this.#beShutOut();
    };
  }

  /** Hang up, for good. */
  end(): void {
    this.#ended.abort();
    clearTimeout(this.#timer);
    this.#resumption.forget();
    if (this.#socket) this.#drop(this.#socket);
    this.#requests.lose();
    this.state = "lost";
  }

  /** Whether what is sent now arrives, if only when the session goes on. */
  get takes(): boolean {
    return this.state === "open" || this.state === "resuming";
  }

  /** Send a message, now or when the session goes on; false when there is no connection. */
  send(message: ClientMessage): boolean {
    if (!this.takes) return false;
    const frame = JSON.stringify(message);
    const isKept = this.#resumption.keep(frame);
    if (this.state === "open") this.#socket?.send(frame);
    return isKept || this.state === "open";
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

  /** No attempt is made any more. */
  #beShutOut(): void {
    clearTimeout(this.#timer);
    this.isShutOut = true;
    this.retryAt = 0;
  }

  /** Tell the server now and then what has come: it need not keep that. */
  #confirm(size: number): void {
    const told = this.#resumption.came(size);
    if (told) this.send(told);
  }

  /** The timer of the next attempt may be far away, or held back: now is a good time. */
  #retry(): void {
    if (this.state === "lost") this.connect();
    else if (this.state === "resuming" && this.retryAt) this.connect();
    else if (this.state === "open") this.#liveness.hurry();
  }

  /** The server says whether the session goes on. */
  #answered(message: ServerMessage): void {
    clearTimeout(this.#attempt);
    if (message.type === "resumed") return this.#goOn(message);
    this.#giveUp();
    this.state = "open"; // what follows begins anew, over this very socket
    this.emit("open");
  }

  #goOn(message: Resumed): void {
    const again = this.#resumption.goOn(message);
    if (message.missed) this.#tellLoss();
    this.state = "open";
    for (const frame of again) this.#socket?.send(frame);
    this.emit(message.missed ? "missed" : "resumed");
  }

  /** The session cannot be gone on with: what went on is over. */
  #giveUp(): void {
    this.#resumption.forget();
    this.#tellLoss();
  }

  #tellLoss(): void {
    this.state = "lost";
    this.#requests.lose();
    this.emit("lost");
  }

  #lost(reason: string): void {
    if (this.#socket) this.#drop(this.#socket);
    this.reason = reason;
    if (this.#mayResume()) return;
    // Spread out, so that a restarted server is not asked by everybody at once.
    const retryInS = this.#retryS * (0.75 + Math.random() / 2);
    this.#retryS = Math.min(this.#retryS * 2, LAST_RETRY_S);
    this.#connectIn(retryInS);
    this.#tellLoss();
  }

  /** Try to go on, for as long as the server waits; return whether that is so. */
  #mayResume(): boolean {
    if (!this.#resumption.isPossible) return false;
    if (this.state !== "resuming") {
      this.state = "resuming";
      this.#awaySince = Date.now();
      this.#retryS = FIRST_RESUME_S;
      this.emit("away");
    } else if (Date.now() - this.#awaySince > this.#resumption.graceMs) {
      this.#resumption.forget();
      this.#retryS = FIRST_RETRY_S;
      return false;
    } else this.#retryS = Math.min(this.#retryS * 2, LAST_RESUME_S);
    this.#connectIn(this.#retryS);
    return true;
  }

  #connectIn(seconds: number): void {
    clearTimeout(this.#timer);
    this.retryAt = Date.now() + seconds * 1000;
    this.#timer = setTimeout(() => this.connect(), seconds * 1000);
  }

  #drop(socket: WebSocket): void {
    this.#liveness.stop();
    clearTimeout(this.#attempt);
    socket.onopen = socket.onmessage = socket.onclose = null;
    if (this.#resumption.isPossible) socket.close(COMES_BACK);
    else socket.close();
    this.#socket = undefined;
  }
}
