// @ts-check
/** The socket: messages both ways, and another attempt whenever it is lost. */

/**
 * What of the server's messages this page reads; docs/protocol.md has them all.
 * @typedef {{ type: "audio", audio: string | null, volumes: number[], slice_length: number,
 *             display_text: { text: string, name: string } }} Audio
 * @typedef {Audio
 *   | { type: "full-text", text: string }
 *   | { type: "control", text: string }
 *   | { type: "set-model-and-conf", conf_name: string }
 *   | { type: "user-input-transcription", text: string }
 *   | { type: "backend-synth-complete" }
 *   | { type: "force-new-message" }
 *   | { type: "error", message: string }} Message
 *
 * @typedef {object} Handlers
 * @property {() => void} connecting
 * @property {() => void} open
 * @property {(reason: string, retryInS: number) => void} lost
 * @property {(message: Message) => void} message
 */

const FIRST_RETRY_S = 0.5;
const LAST_RETRY_S = 15;

export class Connection {
  /** @type {WebSocket | undefined} */
  #socket;
  #retryS = FIRST_RETRY_S;
  #timer = 0;
  #streaming = false;
  #handlers;

  /** @param {Handlers} handlers */
  constructor(handlers) {
    this.#handlers = handlers;
    addEventListener("online", () => this.#timer && this.connect());
  }

  connect() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#streaming = false;
    this.#handlers.connecting();
    const token = new URLSearchParams(location.search).get("token");
    const query = token ? `?token=${encodeURIComponent(token)}` : "";
    const socket = new WebSocket(`${location.origin.replace("http", "ws")}/client-ws${query}`);
    this.#socket = socket;
    socket.onopen = () => this.#handlers.open();
    socket.onmessage = ({ data }) => {
      this.#retryS = FIRST_RETRY_S; // not when it opens: a full server opens it, then closes it
      this.#handlers.message(JSON.parse(data));
    };
    socket.onclose = ({ reason }) => {
      // Spread out, so that a restarted server is not asked by everybody at once.
      const retryInS = this.#retryS * (0.75 + Math.random() / 2);
      this.#retryS = Math.min(this.#retryS * 2, LAST_RETRY_S);
      this.#timer = setTimeout(() => this.connect(), retryInS * 1000);
      this.#handlers.lost(reason, retryInS);
    };
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** @param {{ type: string, [field: string]: unknown }} message */
  send(message) {
    if (this.isOpen) this.#socket?.send(JSON.stringify(message));
  }

  /** Send sound of the microphone; the first of it opens the stream. @param {ArrayBuffer} frame */
  sendSound(frame) {
    if (!this.isOpen) return;
    if (!this.#streaming) this.send({ type: "mic-stream-start" });
    this.#streaming = true;
    this.#socket?.send(frame);
  }

  endSound() {
    if (this.#streaming) this.send({ type: "mic-stream-stop" });
    this.#streaming = false;
  }
}
