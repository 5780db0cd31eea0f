/** Looks on at the conversation of this server: who is talked with, and what she is saying. */

import { Emitter } from "@open-llm-vtuber/shared/emitter";
import type { Audio } from "@open-llm-vtuber/shared/protocol/messages";

import type { Player } from "../audio/player";
import type { ModelInfo } from "../avatar/model_info";
import type { Connection } from "./connection.svelte";
import type { Caption, Turn } from "./conversation.svelte";
import { withoutTags } from "./tags";

interface Events {
  /** A sentence begins; its expressions are what the face does, with a strength above 0 to 1. */
  sentence: [expressions: readonly (number | string)[], strength: number];
  /** The turn is over. */
  rest: [];
}

export class Spectator extends Emitter<Events> {
  /** The entry of model_dict.json; null before it is known. */
  model = $state.raw<ModelInfo | null>(null);
  turn = $state<Turn>("idle");
  caption = $state<Caption | null>(null);
  /** The viewer of the stream who is answered, and what they wrote. */
  viewer = $state.raw<{ readonly name: string; readonly text: string } | null>(null);

  readonly #player: Player;

  constructor(connection: Connection, player: Player) {
    super();
    this.#player = player;
    connection.on("set-model-and-conf", ({ model_info }) => {
      this.#stop(); // another conversation, perhaps
      const same = JSON.stringify(model_info) === JSON.stringify(this.model);
      if (!same) this.model = model_info as unknown as ModelInfo;
    });
    connection.on("control", ({ text }) => {
      if (text === "conversation-chain-start") {
        this.#stop();
        this.turn = "thinking";
      } else if (text === "interrupt") this.#stop();
      else if (text === "conversation-chain-end") {
        player.resume(); // nobody holds up what is over
        player.then(() => this.#end());
      }
    });
    connection.on("interrupt-signal", () => this.#stop());
    connection.on("viewer-message", ({ name, text }) => (this.viewer = { name, text }));
    connection.on("audio", (message) => {
      if (this.turn !== "idle") this.#say(message);
    });
    connection.on("speech", (frame) => player.hear(frame));
    connection.on("speech-words", ({ segment, words }) => player.tell(segment, words));
    connection.on("playback-control", ({ action }) => player[action]());
    connection.on("lost", () => this.#stop());
  }

  #say({ audio, segment, words, display_text, forwarded, ...rest }: Audio): void {
    const text = withoutTags(display_text.text, this.model?.emotionMap ?? {});
    this.#player.say(
      { audio, segment, words, text, isElsewhere: forwarded },
      {
        started: () => {
          this.turn = "speaking";
          this.caption = { text, heard: 0 };
          if (forwarded) return;
          this.emit("sentence", rest.actions?.expressions ?? [], rest.expression_strength ?? 1);
        },
        heard: (characters) => (this.caption = { text, heard: characters }),
      },
    );
  }

  #stop(): void {
    this.#player.clear();
    this.#end();
  }

  #end(): void {
    this.caption = null;
    this.viewer = null;
    if (this.turn !== "idle") this.emit("rest");
    this.turn = "idle";
  }
}
