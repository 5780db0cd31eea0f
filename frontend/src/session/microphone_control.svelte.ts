/** The microphone as the person uses it: on or muted, hands-free or while something is held. */

import {
  Microphone,
  MicrophoneError,
  type MicrophoneProblem,
} from "@open-llm-vtuber/shared/audio/microphone";
import { Emitter } from "@open-llm-vtuber/shared/emitter";
import type { Image, MicStreamStart } from "@open-llm-vtuber/shared/protocol/messages";

import type { Connection } from "./connection.svelte";
import type { Settings } from "./settings.svelte";
import type { VisionSources } from "./vision_sources.svelte";

export interface Trouble {
  readonly problem: MicrophoneProblem;
  readonly detail: string;
}

interface Events {
  /** The microphone cannot be had, and why. */
  trouble: [trouble: Trouble];
  /** What is held to talk was pressed. */
  pressed: [];
  /** These pictures went with what was said. */
  shown: [images: readonly Image[]];
}

export class MicrophoneControl extends Emitter<Events> {
  /** Whether the person wants to be heard. */
  isOn = $state(false);
  /** Whether the button or key of push-to-talk is held. */
  isHeld = $state(false);
  /** Whether the browser or the person is still being asked for the microphone. */
  isStarting = $state(false);
  /** It is on, but nothing comes from it: muted at the device, or held up by a telephone call. */
  isSilent = $state(false);
  /** How loud it is, 0 to 1; 0 while nothing is sent. */
  level = $state(0);

  readonly #connection: Connection;
  readonly #settings: Settings;
  readonly #vision: VisionSources;
  #microphone: Microphone | undefined;
  /** Counts what was wished for: only the latest counts, and what others still open is closed. */
  #wish = 0;
  /** How the server is to listen. */
  #manner: Omit<MicStreamStart, "type"> = {};
  /** Whether the server has been told that sound comes. */
  #isStreaming = false;

  constructor(connection: Connection, settings: Settings, vision: VisionSources) {
    super();
    this.#connection = connection;
    this.#settings = settings;
    this.#vision = vision;
    connection.on("control", ({ text }) => {
      if (text === "stop-mic") void this.turn(false);
      // The server heard the end of an utterance and waits for what is to be seen with it.
      if (text === "mic-audio-end") void this.#show();
    });
  }

  /** Whether what is said now is heard. */
  get isListening(): boolean {
    return this.isOn && !this.isSilent && (!this.#settings.now.pushToTalk || this.isHeld);
  }

  /** Turn it on or off; while it is on, take up what was chosen meanwhile. */
  async turn(on: boolean): Promise<void> {
    const wish = (this.#wish += 1);
    this.#microphone?.close();
    this.#microphone = undefined;
    this.isStarting = on;
    this.isSilent = false;
    if (!on) return this.#end();
    this.pause();
    const { microphone: device, echoCancellation, noiseSuppression } = this.#settings.now;
    try {
      const microphone = await Microphone.open(
        { device, echoCancellation, noiseSuppression },
        {
          frame: (frame, level) => this.#take(frame, level),
          silent: (isSilent) => {
            this.isSilent = isSilent;
            if (isSilent) this.pause();
          },
          gone: () => {
            if (wish !== this.#wish) return;
            void this.turn(false);
            this.emit("trouble", { problem: "gone", detail: "" });
          },
        },
      );
      if (wish !== this.#wish) return microphone.close();
      this.#microphone = microphone;
      this.isOn = true;
    } catch (error) {
      if (wish !== this.#wish) return;
      this.#end();
      if (!(error instanceof MicrophoneError)) throw error;
      this.emit("trouble", { problem: error.problem, detail: error.message });
    } finally {
      if (wish === this.#wish) this.isStarting = false;
    }
  }

  /** Hold or let go what is held to talk; the first time it asks for the microphone. */
  async hold(held: boolean): Promise<void> {
    if (held && !this.isHeld) this.emit("pressed");
    this.isHeld = held;
    if (held && !this.isOn && !this.isStarting) await this.turn(true);
    if (!held) this.pause();
  }

  /** The connection is gone, or push-to-talk was let go: what was said is complete. */
  pause(): void {
    this.level = 0;
    if (!this.#isStreaming) return;
    this.#isStreaming = false;
    this.#connection.send({ type: "mic-stream-stop" });
  }

  /** Have the server listen as the settings are now; called whenever one of them changes. */
  tune(): void {
    const { vadSensitivity, pauseMs, pushToTalk } = this.#settings.now;
    this.#manner = {
      sensitivity: vadSensitivity,
      pause_ms: pauseMs,
      with_images: this.#vision.isOpen,
      held: pushToTalk,
    };
    if (this.#isStreaming) this.#connection.send({ type: "mic-stream-start", ...this.#manner });
  }

  /** Take up another device or filter that was chosen meanwhile. */
  async restart(): Promise<void> {
    if (this.isOn || this.isStarting) await this.turn(true);
  }

  /** Do something with the microphone of which the server hears nothing; then it is as before. */
  async apart(work: () => Promise<void>): Promise<void> {
    const wasOn = this.isOn || this.isStarting;
    if (wasOn) await this.turn(false);
    try {
      await work();
    } finally {
      if (wasOn) await this.turn(true);
    }
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
    const taken = this.#vision.take();
    const images = [...taken, ...(await this.#vision.look())];
    if (this.#connection.send({ type: "mic-audio-end", images })) this.emit("shown", images);
    else this.#vision.giveBack(taken);
  }
}
