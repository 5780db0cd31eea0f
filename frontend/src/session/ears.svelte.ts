/** The microphone as the person uses it: on or muted, hands-free or while something is held. */

import { Microphone, MicrophoneError, type MicrophoneProblem } from "../audio/microphone";
import type { MicStreamStart } from "../protocol/messages";
import type { Connection } from "./connection.svelte";
import type { Eyes } from "./eyes.svelte";
import type { Settings } from "./settings.svelte";

export interface Trouble {
  readonly problem: MicrophoneProblem | "gone";
  readonly detail: string;
}

export class Ears {
  /** Whether the person wants to be heard. */
  isOn = $state(false);
  /** Whether the button or key of push-to-talk is held. */
  isHeld = $state(false);
  isStarting = $state(false);
  /** How loud it is, 0 to 1; 0 while nothing is sent. */
  level = $state(0);
  /** Told why the microphone cannot be had. */
  onTrouble: (trouble: Trouble) => void = () => {};

  readonly #connection: Connection;
  readonly #settings: Settings;
  readonly #eyes: Eyes;
  readonly #microphone: Microphone;
  /** How the server is to listen. */
  #manner: Omit<MicStreamStart, "type"> = {};
  /** Whether the server has been told that sound comes. */
  #isStreaming = false;

  constructor(connection: Connection, settings: Settings, eyes: Eyes) {
    this.#connection = connection;
    this.#settings = settings;
    this.#eyes = eyes;
    this.#microphone = new Microphone(
      (frame, level) => this.#take(frame, level),
      () => {
        this.#end();
        this.onTrouble({ problem: "gone", detail: "" });
      },
    );
    connection.on("control", ({ text }) => {
      if (text === "stop-mic") void this.turn(false);
      // The server heard the end of an utterance and waits for what is to be seen with it.
      if (text === "mic-audio-end") void this.#show();
    });
  }

  /** Whether what is said now is heard. */
  get isListening(): boolean {
    return this.isOn && (!this.#settings.now.pushToTalk || this.isHeld);
  }

  async turn(on: boolean): Promise<void> {
    if (!on) {
      this.#microphone.stop();
      this.#end();
      return;
    }
    if (this.isStarting) return;
    this.isStarting = true;
    try {
      const { microphone, echoCancellation, noiseSuppression } = this.#settings.now;
      await this.#microphone.start({ device: microphone, echoCancellation, noiseSuppression });
      this.isOn = true;
    } catch (error) {
      this.#end();
      if (!(error instanceof MicrophoneError)) throw error;
      this.onTrouble({ problem: error.problem, detail: error.message });
    } finally {
      this.isStarting = false;
    }
  }

  /** Hold or let go what is held to talk; the first time it asks for the microphone. */
  async hold(held: boolean): Promise<void> {
    this.isHeld = held;
    if (held && !this.isOn) await this.turn(true);
    if (!held) this.pause();
  }

  /** The connection is gone, or push-to-talk was let go: what was said is complete. */
  pause(): void {
    if (this.#isStreaming) this.#connection.send({ type: "mic-stream-stop" });
    this.#isStreaming = false;
    this.level = 0;
  }

  /** Have the server listen as the settings are now; called whenever one of them changes. */
  tune(): void {
    const { vadSensitivity, pauseMs } = this.#settings.now;
    this.#manner = {
      sensitivity: vadSensitivity,
      pause_ms: pauseMs,
      with_images: this.#eyes.isOpen,
    };
    if (this.#isStreaming) this.#connection.send({ type: "mic-stream-start", ...this.#manner });
  }

  /** Take up another device or filter that was chosen meanwhile. */
  async restart(): Promise<void> {
    if (!this.isOn) return;
    this.pause();
    await this.turn(true);
  }

  #end(): void {
    this.pause();
    this.isOn = this.isHeld = false;
  }

  #take(frame: ArrayBuffer, level: number): void {
    if (!this.isListening || this.#connection.state !== "open") return;
    if (!this.#isStreaming) {
      this.#isStreaming = true;
      this.#connection.send({ type: "mic-stream-start", ...this.#manner });
    }
    this.#connection.sendSound(frame);
    this.level = level;
  }

  async #show(): Promise<void> {
    this.#connection.send({ type: "mic-audio-end", images: await this.#eyes.glance() });
  }
}
