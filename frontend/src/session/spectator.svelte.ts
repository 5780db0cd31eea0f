/** Looks on at the conversation of this server: who is talked with, and what she is saying. */

import { Emitter } from "@open-llm-vtuber/shared/emitter";
import type { Audio } from "@open-llm-vtuber/shared/protocol/messages";

import type { Player } from "../audio/player";
import { Character } from "./character.svelte";
import type { Connection } from "./connection.svelte";
import type { Caption, ConversationEvents, Turn } from "./conversation.svelte";
import { withoutTags } from "./tags";

/** As of a conversation that one is in. */
type Events = Pick<ConversationEvents, "sentence" | "turn">;

export class Spectator extends Emitter<Events> {
  readonly character: Character;
  turn = $state<Turn>("idle");
  caption = $state<Caption | null>(null);
  /** The viewer of the stream who is answered, and what they wrote. */
  viewer = $state.raw<{ readonly name: string; readonly text: string } | null>(null);

  readonly #player: Player;

  constructor(connection: Connection, player: Player) {
    super();
    this.#player = player;
    this.character = new Character(connection);
    connection.on("set-model-and-conf", () => this.#stop()); // another conversation, perhaps
    connection.on("control", ({ text }) => {
      if (text === "conversation-chain-start") {
        this.#stop();
        this.#set("thinking");
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
    const text = withoutTags(display_text.text, this.character.emotions);
    this.#player.say(
      { audio, segment, words, text, isElsewhere: forwarded },
      {
        started: () => {
          this.#set("speaking");
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
    this.#set("idle");
  }

  #set(turn: Turn): void {
    if (this.turn === turn) return;
    this.turn = turn;
    this.emit("turn", turn);
  }
}
