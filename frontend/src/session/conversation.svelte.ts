/** What is said: by whom, what of it has been heard, and whose turn it is. */

import { Emitter } from "@open-llm-vtuber/shared/emitter";
import type {
  Audio,
  HistoryMessage,
  Image,
  ReplyText,
  ToolCallStatus,
  TurnMessages,
} from "@open-llm-vtuber/shared/protocol/messages";

import type { Player } from "../audio/player";
import type { Character } from "./character.svelte";
import type { Connection, Message as Sent } from "./connection.svelte";
import { Entries } from "./entries.svelte";
import type { Group } from "./group.svelte";
import { joined } from "./joined";
import type { Entry, Message } from "./message.svelte";
import type { Metrics } from "./metrics.svelte";
import type { Permissions } from "./permissions.svelte";
import { Rewriting } from "./rewriting";
import { addressesOf, picturesOf } from "./shown_pictures";
import { withoutTags } from "./tags";
import { TurnAnswer } from "./turn_answer";
import { WrittenLines } from "./written_lines";

export type Turn = "idle" | "thinking" | "speaking";

/** The sentence that is being said. */
export interface Caption {
  readonly text: string;
  /** How many characters of it have been heard. */
  readonly heard: number;
}

export interface ConversationEvents {
  /** A sentence begins; its expressions are what the face does, with a strength above 0 to 1. */
  sentence: [expressions: readonly (number | string)[], strength: number];
  /** A turn began or ended, also when it was cut off. */
  turn: [turn: Turn];
  /** Something failed that still matters: it is of the turn that goes on, or of none. */
  failed: [error: Sent<"error">];
}

/** How long a microphone may still hear what a loudspeaker has played. */
const ECHO_MS = 300;

export class Conversation extends Emitter<ConversationEvents> {
  turn = $state<Turn>("idle");
  caption = $state<Caption | null>(null);
  /** What the person is saying right now, as far as it is understood. */
  partial = $state("");
  /** Why nothing came of the last turn, or nothing of it was heard; null if something was. */
  failure = $state.raw<Sent<"error"> | null>(null);

  readonly #connection: Connection;
  readonly #player: Player;
  readonly #metrics: Metrics;
  readonly #character: Pick<Character, "emotions">;
  readonly #group: Pick<Group, "isShared">;
  readonly #permissions: Pick<Permissions, "isAsking">;
  readonly #list = new Entries();
  /** Of the turn that goes on, or was the last one. */
  #answer = new TurnAnswer("");
  /** Where the next sentence that comes belongs. */
  #writing: Message | undefined;
  /** What was shown with the words whose transcription is awaited. */
  #shown: readonly Image[] = [];
  /** What was typed and is not answered yet, by the id it was sent with. */
  readonly #typed = new Map<string, Message>();

  /**
   * @param character knows which tags are none of the words
   * @param group knows whether others are shown what we play
   * @param permissions knows whether the person is asked something
   */
  constructor(
    connection: Connection,
    player: Player,
    metrics: Metrics,
    character: Pick<Character, "emotions">,
    group: Pick<Group, "isShared">,
    permissions: Pick<Permissions, "isAsking">,
  ) {
    super();
    this.#connection = connection;
    this.#player = player;
    this.#metrics = metrics;
    this.#character = character;
    this.#group = group;
    this.#permissions = permissions;
    connection.on("control", (message) => {
      const { text, turn } = message;
      if (text === "conversation-chain-start") this.#begin(turn ?? "");
      else if (text === "interrupt") this.interrupt();
      else if (text === "conversation-chain-end" && this.#answer.has(message)) {
        player.resume(); // nobody holds up what is over
        player.then(() => {
          this.#end();
          this.failure = this.#answer.failure;
        });
      }
    });
    connection.on("interrupt-signal", () => this.#cut());
    connection.on("audio", (message) => {
      if (this.#answer.has(message)) this.#say(message);
    });
    connection.on("playback-control", (message) => {
      if (this.#answer.has(message)) player[message.action]();
    });
    connection.on("speech", (frame) => player.hear(frame));
    connection.on("speech-words", (message) => player.tell(message.segment, message.words));
    connection.on("backend-synth-complete", (message) => {
      const answer = this.#answer;
      if (!answer.has(message)) return;
      const { turn } = answer;
      player.then(() => void connection.send({ type: "frontend-playback-complete", turn }));
    });
    connection.on("force-new-message", (message) => {
      if (this.#answer.has(message)) this.#endMessage();
    });
    connection.on("tool_call_status", (message) => {
      if (this.#answer.has(message)) this.#tool(message);
    });
    connection.on("tool-question-asked", (message) => {
      if (this.#answer.has(message)) this.#asked(message.id);
    });
    connection.on("error", (message) => {
      this.#typed.delete(message.request_id ?? ""); // it will not be answered
      const isOfTurn = this.#answer.has(message);
      if (isOfTurn && message.code !== "nothing-heard") this.#answer.fail(message);
      if (message.turn === undefined || isOfTurn) this.emit("failed", message);
    });
    connection.on("partial-transcript", ({ text }) => (this.partial = text));
    connection.on("user-input-transcription", ({ text, name }) => {
      if (name) {
        if (text.trim()) this.#list.add("human", text, { speaker: name }); // somebody else said it
        return;
      }
      this.partial = "";
      const images = addressesOf(this.#shown);
      if (text.trim()) this.#list.add("human", text, { images });
      this.#shown = [];
    });
    connection.on("viewer-message", (message) => {
      const { platform, name: speaker, text } = message;
      if (this.#answer.has(message)) this.#list.add("viewer", text, { speaker, platform });
    });
    connection.on("turn-messages", (message) => {
      if (this.#answer.has(message)) this.#name(message);
    });
    connection.on("reply-text", (message) => {
      if (this.#answer.has(message)) this.#write(message);
    });
    connection.on("history-data", ({ messages }) => this.#show(messages));
    connection.on("new-history-created", () => this.#show([]));
  }

  get entries(): readonly Entry[] {
    return this.#list.all;
  }

  /** Say something by typing. What she is saying is cut off, unless it may answer what is asked. */
  type(text: string, images: readonly Image[]): boolean {
    if (!this.#connection.takes) return false;
    if (!this.#permissions.isAsking) this.interrupt();
    const added = this.#list.add("human", text, { images: addressesOf(images) });
    const request_id = `said-${added.id}`;
    this.#typed.set(request_id, added);
    this.#connection.send({ type: "text-input", text, images: [...images], request_id });
    return true;
  }

  /** What was typed was not taken: it is back in the box, so it is not said twice. */
  withdraw(text: string): void {
    const typed = this.entries.findLast(
      (one) => one.kind === "message" && one.role === "human" && !one.speaker && one.text === text,
    );
    this.#list.remove(typed);
  }

  /** Say something otherwise that was said: what followed it is another version from then on. */
  sayOtherwise(message: Message, text: string): boolean {
    if (!this.#connection.takes) return false;
    this.interrupt();
    const { images, serverId: message_id } = message;
    const said = this.#list.make("human", text, { images });
    const request_id = `said-${said.id}`;
    this.#typed.set(request_id, said);
    const again = { message_id, text, images: picturesOf(images), request_id };
    return this.#connection.send({ type: "send-again", ...again });
  }

  /** Pictures were sent with what was spoken: they belong to the words that come of it. */
  showWith(images: readonly Image[]): void {
    this.#shown = images;
  }

  /** Cut her off; the server is told what was heard. */
  interrupt(): void {
    if (this.turn === "idle") return;
    const { turn, heard } = this.#answer;
    this.#cut();
    this.#connection.send({ type: "interrupt-signal", text: heard, turn });
  }

  /** The connection is gone, and with it the turn. */
  abandon(): void {
    this.partial = "";
    this.failure = null;
    this.#shown = [];
    this.#typed.clear();
    if (this.turn !== "idle") this.#cut();
  }

  #begin(turn: string): void {
    if (this.turn !== "idle") this.#cut();
    this.#answer = new TurnAnswer(turn);
    this.failure = null;
    this.#set("thinking");
  }

  #cut(): void {
    this.#player.clear();
    const { growing } = this.#list;
    if (growing && this.turn !== "idle") growing.cut = true;
    this.#end();
  }

  #end(): void {
    const answer = this.#answer;
    answer.end();
    this.#writing = undefined;
    this.#list.settle();
    this.#list.all = answer.rewriting?.undone(this.entries, answer.heard) ?? this.entries;
    answer.rewriting = undefined;
    this.caption = null;
    this.#set("idle");
  }

  #set(turn: Turn): void {
    if (this.turn === turn) return;
    this.turn = turn;
    this.emit("turn", turn);
  }

  /** It is shown while it runs, after what came before it, whether that has been heard or not. */
  #tool(message: ToolCallStatus): void {
    const known = this.#list.callOf(message.tool_id);
    if (known) return known.take(message);
    this.#endMessage();
    this.#list.addCall(message);
  }

  /** Say when a question was heard, and her voice has died away: what says yes then is a person. */
  #asked(id: string): void {
    this.#player.then(() => {
      const tell = (): void => void this.#connection.send({ type: "tool-question-played", id });
      setTimeout(tell, ECHO_MS);
    });
  }

  /** A sentence has come, to be said after those before it. */
  #say(message: Audio): void {
    const answer = this.#answer;
    const sounds = message.audio !== null || message.segment !== undefined;
    if (sounds && !answer.arrived) answer.arrived = performance.now();
    const { name } = message.display_text;
    const text = withoutTags(message.display_text.text, this.#character.emotions);
    if (text) answer.came();
    // Its place, whatever comes until it is heard; what is said again has one already.
    const said = answer.named?.action === "say-again" ? undefined : this.#messageOf(name);
    if (message.display_text.text.trim()) answer.written.spoken();
    let shown = "";
    let heardBefore = "";
    this.#player.say(
      {
        audio: message.audio,
        segment: message.segment,
        words: message.words,
        text,
        isElsewhere: message.forwarded,
      },
      {
        started: () => {
          if (sounds && !message.forwarded && !answer.hasSounded) {
            answer.hasSounded = true;
            this.#metrics.played(answer.turn, performance.now() - answer.arrived);
          }
          this.#set("speaking");
          if (!message.forwarded) {
            const strength = message.expression_strength ?? 1;
            this.emit("sentence", message.actions?.expressions ?? [], strength);
          }
          this.#list.grow(said);
          shown = said?.text ?? "";
          heardBefore = answer.heard;
          this.caption = { text, heard: 0 };
          if (this.#group.isShared && !message.forwarded) {
            this.#connection.send({ type: "audio-play-start", display_text: message.display_text });
          }
        },
        heard: (characters) => {
          const heard = text.slice(0, characters);
          if (said) said.text = joined(shown, heard);
          answer.heard = joined(heardBefore, heard);
          this.caption = { text, heard: characters };
        },
      },
    );
  }

  /** Return where a sentence that comes now belongs; it is empty until it is heard. */
  #messageOf(speaker: string): Message {
    if (this.#writing && !this.#writing.speaker) this.#writing.speaker = speaker;
    if (!this.#writing || (speaker && this.#writing.speaker !== speaker)) {
      const { named } = this.#answer;
      this.#writing = this.#list.add("ai", "", { speaker });
      this.#writing.serverId = named?.answer ?? "";
      this.#writing.isProvisional = named?.provisional ?? false;
      if (!named?.heard || named.action !== "send-again") {
        this.#writing.versions = named?.versions ?? [];
      }
    }
    return this.#writing;
  }

  /** The server says what it calls the messages of the turn, and what the turn is about. */
  #name(told: TurnMessages): void {
    const answer = this.#answer;
    answer.named = told;
    if (told.action && told.action !== "say-again") {
      answer.rewriting = new Rewriting(told, this.entries);
      this.#list.all = answer.rewriting.begin(told.action);
    }
    if (told.heard) this.#nameHeard(told, told.heard);
    this.#typed.delete(told.request_id ?? "");
    this.#writing = answer.rewriting?.goOn();
    if (this.#writing) {
      this.#writing.versions = told.versions ?? [];
      answer.written = new WrittenLines(this.#writing.text);
    }
  }

  /** What the person said in this turn is stored, and has an id from now on. */
  #nameHeard({ request_id = "", action, versions = [] }: TurnMessages, id: string): void {
    const said = this.entries.filter((entry) => entry.kind === "message");
    for (const one of said) one.isProvisional = false; // it is stored with this
    const unnamed = said.findLast((one) => one.role === "human" && !one.serverId);
    const heard = this.#typed.get(request_id) ?? unnamed;
    if (!heard) return;
    heard.serverId = id;
    if (action !== "send-again") return;
    heard.versions = versions;
    this.#list.toEnd(heard);
  }

  /** A line of the answer is written; its voice is still to come. */
  #write({ line, text }: ReplyText): void {
    const { written } = this.#answer;
    written.take(line, withoutTags(text, this.#character.emotions));
    if (text && !this.#writing) this.#messageOf("");
    if (this.#writing) this.#writing.written = written.text;
  }

  /** What comes next belongs into another message; this one grows until all of it is heard. */
  #endMessage(): void {
    const ended = this.#writing;
    const written = this.#answer.written.part();
    if (ended?.written) ended.written = written;
    this.#writing = undefined;
    this.#player.then(() => {
      if (ended && this.#list.growing === ended) this.#list.grow(undefined);
    });
  }

  #show(messages: readonly HistoryMessage[]): void {
    this.abandon();
    this.#list.show(messages, this.#character.emotions);
  }
}
