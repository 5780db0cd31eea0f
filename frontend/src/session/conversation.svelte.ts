/** What is said: by whom, what of it has been heard, and whose turn it is. */

import { Emitter } from "@open-llm-vtuber/shared/emitter";
import type {
  Audio,
  HistoryMessage,
  Image,
  ReplyText,
  ToolCallStatus,
  TurnMessages,
  ViewerMessage,
} from "@open-llm-vtuber/shared/protocol/messages";

import type { Player } from "../audio/player";
import type { Character } from "./character.svelte";
import type { Connection, Message as Sent } from "./connection.svelte";
import type { Group } from "./group.svelte";
import { Message, ToolCall, type Entry } from "./message.svelte";
import type { Metrics } from "./metrics.svelte";
import type { Permissions } from "./permissions.svelte";
import { Rewriting } from "./rewriting";
import { withoutTags } from "./tags";
import { listOf } from "./told_history";
import { WrittenLines } from "./written_lines";

export { Message, ToolCall, type Entry } from "./message.svelte";
export { INTERRUPTED } from "./told_history";
export type Turn = "idle" | "thinking" | "speaking";

/** The sentence that is being said. */
export interface Caption {
  readonly text: string;
  /** How many characters of it have been heard. */
  readonly heard: number;
}

interface Events {
  /** A sentence begins; its expressions are what the face does, with a strength above 0 to 1. */
  sentence: [expressions: readonly (number | string)[], strength: number];
  /** A turn began or ended, also when it was cut off. */
  turn: [turn: Turn];
  /** Something failed that still matters: it is of the turn that goes on, or of none. */
  failed: [error: Sent<"error">];
}

export class Conversation extends Emitter<Events> {
  entries = $state.raw<readonly Entry[]>([]);
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
  /** The turn that goes on; "" between turns, and when it was cut off. What comes of another is late. */
  #turnId = "";
  /** Of the turn's answer. */
  #heard = "";
  /** Where the next sentence that comes belongs. */
  #writing: Message | undefined;
  /** Where the sentence that is heard belongs. */
  #growing: Message | undefined;
  #lastId = 0;
  #arrived = 0;
  /** What was shown with the words whose transcription is awaited. */
  #shown: readonly Image[] = [];
  #hasSounded = false;
  /** Whether something of the turn's answer has come. */
  #answered = false;
  /** What failed in the turn before that. */
  #failed: Sent<"error"> | null = null;
  /** What was typed and is not answered yet, by the id it was sent with. */
  readonly #typed = new Map<string, Message>();
  /** What the server calls the turn's answer, and what is known of that. */
  #named: TurnMessages | null = null;
  /** What the turn does with an earlier message. */
  #rewriting: Rewriting | undefined;
  #written = new WrittenLines(joined);
  /** What keeps the turn's answer from being heard. */
  #unheard: Sent<"error"> | null = null;

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
      else if (text === "conversation-chain-end" && this.#isOf(message)) {
        player.resume(); // nobody holds up what is over
        player.then(() => {
          this.#end();
          this.failure = this.#failed ?? (this.#hasSounded ? null : this.#unheard);
        });
      }
    });
    connection.on("interrupt-signal", () => this.#cut());
    connection.on("audio", (message) => {
      if (this.#isOf(message)) this.#answer(message);
    });
    connection.on("playback-control", (message) => {
      if (this.#isOf(message)) player[message.action]();
    });
    connection.on("speech", (frame) => player.hear(frame));
    connection.on("speech-words", (message) => player.tell(message.segment, message.words));
    connection.on("backend-synth-complete", (message) => {
      if (!this.#isOf(message)) return;
      const turn = this.#turnId;
      player.then(() => void connection.send({ type: "frontend-playback-complete", turn }));
    });
    connection.on("force-new-message", (message) => {
      if (this.#isOf(message)) this.#endMessage();
    });
    connection.on("tool_call_status", (message) => {
      if (this.#isOf(message)) this.#tool(message);
    });
    connection.on("tool-question-asked", (message) => {
      if (this.#isOf(message)) this.#asked(message.id);
    });
    connection.on("error", (message) => {
      this.#typed.delete(message.request_id ?? ""); // it will not be answered
      const matters = message.turn !== undefined && message.code !== "nothing-heard";
      if (matters && this.#isOf(message)) {
        if (isOfVoice(message)) this.#unheard ??= message;
        else if (!this.#answered) this.#failed ??= message;
      }
      if (message.turn === undefined || this.#isOf(message)) this.emit("failed", message);
    });
    connection.on("partial-transcript", ({ text }) => (this.partial = text));
    connection.on("user-input-transcription", ({ text, name }) => {
      if (name) {
        if (text.trim()) this.#add("human", text, [], name); // somebody else said it
        return;
      }
      this.partial = "";
      if (text.trim()) this.#add("human", text, addressesOf(this.#shown));
      this.#shown = [];
    });
    connection.on("viewer-message", (message) => {
      if (this.#isOf(message)) this.#hearViewer(message);
    });
    connection.on("turn-messages", (message) => {
      if (this.#isOf(message)) this.#name(message);
    });
    connection.on("reply-text", (message) => {
      if (this.#isOf(message)) this.#write(message);
    });
    connection.on("history-data", ({ messages }) => this.#show(messages));
    connection.on("new-history-created", () => this.#show([]));
  }

  /** Say something by typing. What she is saying is cut off, unless it may answer what is asked. */
  type(text: string, images: readonly Image[]): boolean {
    if (this.#connection.state !== "open") return false;
    if (!this.#permissions.isAsking) this.interrupt();
    const added = this.#add("human", text, addressesOf(images));
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
    this.entries = this.entries.filter((one) => one !== typed);
  }

  /** Say something otherwise that was said: what followed it is another version from then on. */
  sayOtherwise(message: Message, text: string): boolean {
    if (this.#connection.state !== "open") return false;
    this.interrupt();
    const { images, serverId: message_id } = message;
    const said = new Message((this.#lastId += 1), "human", "", new Date(), images);
    said.text = text;
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
    const turn = this.#turnId;
    this.#cut();
    this.#connection.send({ type: "interrupt-signal", text: this.#heard, turn });
  }

  /** The connection is gone, and with it the turn. */
  abandon(): void {
    this.partial = "";
    this.failure = null;
    this.#shown = [];
    this.#typed.clear();
    if (this.turn !== "idle") this.#cut();
  }

  /** Whether a message belongs to the turn that goes on. */
  #isOf({ turn }: { readonly turn?: string }): boolean {
    return this.#turnId !== "" && turn === this.#turnId;
  }

  #begin(turnId: string): void {
    if (this.turn !== "idle") this.#cut();
    this.#turnId = turnId;
    this.#heard = "";
    this.#arrived = 0;
    this.#hasSounded = false;
    this.#answered = false;
    this.#named = null;
    this.#rewriting = undefined;
    this.#written = new WrittenLines(joined);
    this.#failed = this.#unheard = this.failure = null;
    this.#set("thinking");
  }

  #cut(): void {
    this.#player.clear();
    if (this.#growing && this.turn !== "idle") this.#growing.cut = true;
    this.#end();
  }

  /** It is shown while it runs, after what came before it, whether that has been heard or not. */
  #tool(message: ToolCallStatus): void {
    const known = this.entries.findLast(
      (entry): entry is ToolCall => entry.kind === "tool" && entry.call === message.tool_id,
    );
    if (known) return known.take(message);
    this.#endMessage();
    const entry = new ToolCall((this.#lastId += 1), message.tool_id, message.tool_name);
    entry.take(message);
    this.entries = [...this.entries, entry];
  }

  /** Say when a question was heard, and her voice has died away: what says yes then is a person. */
  #asked(id: string): void {
    this.#player.then(() => {
      const tell = (): void => void this.#connection.send({ type: "tool-question-played", id });
      setTimeout(tell, ECHO_MS);
    });
  }

  #end(): void {
    this.#turnId = "";
    for (const entry of this.entries) {
      // Of a call that an interruption ended the server says nothing more.
      if (entry.kind === "tool" && entry.status === "running") entry.status = "cut";
    }
    this.#writing = undefined;
    this.#grow(undefined);
    // Of what was not heard nothing stays.
    for (const entry of this.entries) if (entry.kind === "message") entry.written = "";
    this.entries = this.entries.filter(
      (entry) => entry.kind === "tool" || entry.text || entry.images.length,
    );
    this.entries = this.#rewriting?.undone(this.entries, this.#heard) ?? this.entries;
    this.#rewriting = undefined;
    this.caption = null;
    this.#set("idle");
  }

  #set(turn: Turn): void {
    if (this.turn === turn) return;
    this.turn = turn;
    this.emit("turn", turn);
  }

  #answer(message: Audio): void {
    const sounds = message.audio !== null || message.segment !== undefined;
    if (sounds && !this.#arrived) this.#arrived = performance.now();
    const { name } = message.display_text;
    const text = withoutTags(message.display_text.text, this.#character.emotions);
    if (text) {
      this.#answered = true;
      this.#failed = null;
    }
    // Its place, whatever comes until it is heard; what is said again has one already.
    const said = this.#named?.action === "say-again" ? undefined : this.#messageOf(name);
    if (message.display_text.text.trim()) this.#written.spoken();
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
          if (sounds && !message.forwarded && !this.#hasSounded) {
            this.#hasSounded = true;
            this.#metrics.played(this.#turnId, performance.now() - this.#arrived);
          }
          this.#set("speaking");
          if (!message.forwarded) {
            const strength = message.expression_strength ?? 1;
            this.emit("sentence", message.actions?.expressions ?? [], strength);
          }
          this.#grow(said);
          shown = said?.text ?? "";
          heardBefore = this.#heard;
          this.caption = { text, heard: 0 };
          if (this.#group.isShared && !message.forwarded) {
            this.#connection.send({ type: "audio-play-start", display_text: message.display_text });
          }
        },
        heard: (characters) => {
          const heard = text.slice(0, characters);
          if (said) said.text = joined(shown, heard);
          this.#heard = joined(heardBefore, heard);
          this.caption = { text, heard: characters };
        },
      },
    );
  }

  /** Return where a sentence that comes now belongs; it is empty until it is heard. */
  #messageOf(speaker: string): Message {
    if (this.#writing && !this.#writing.speaker) this.#writing.speaker = speaker;
    if (!this.#writing || (speaker && this.#writing.speaker !== speaker)) {
      this.#writing = this.#add("ai", "", [], speaker);
      this.#writing.serverId = this.#named?.answer ?? "";
      this.#writing.isProvisional = this.#named?.provisional ?? false;
      if (!this.#named?.heard || this.#named.action !== "send-again") {
        this.#writing.versions = this.#named?.versions ?? [];
      }
    }
    return this.#writing;
  }

  /** The server says what it calls the messages of the turn, and what the turn is about. */
  #name(told: TurnMessages): void {
    this.#named = told;
    if (told.action && told.action !== "say-again") {
      this.#rewriting = new Rewriting(told, this.entries);
      this.entries = this.#rewriting.begin(told.action);
    }
    const typed = this.#typed.get(told.request_id ?? "");
    this.#typed.delete(told.request_id ?? "");
    if (told.heard) {
      const said = this.entries.filter((entry) => entry.kind === "message");
      for (const one of said) one.isProvisional = false; // it is stored with this
      const heard = typed ?? said.findLast((one) => one.role === "human" && !one.serverId);
      if (heard) {
        heard.serverId = told.heard;
        if (told.action === "send-again") {
          heard.versions = told.versions ?? [];
          this.entries = [...this.entries.filter((one) => one !== heard), heard];
        }
      }
    }
    this.#writing = this.#rewriting?.goOn();
    if (this.#writing) {
      this.#writing.versions = told.versions ?? [];
      this.#written = new WrittenLines(joined, this.#writing.text);
    }
  }

  /** A line of the answer is written; its voice is still to come. */
  #write({ line, text }: ReplyText): void {
    this.#written.take(line, withoutTags(text, this.#character.emotions));
    if (text && !this.#writing) this.#messageOf("");
    if (this.#writing) this.#writing.written = this.#written.text;
  }

  /** What comes next belongs into another message; this one grows until all of it is heard. */
  #endMessage(): void {
    const ended = this.#writing;
    const written = this.#written.part();
    if (ended?.written) ended.written = written;
    this.#writing = undefined;
    this.#player.then(() => {
      if (ended && this.#growing === ended) this.#grow(undefined);
    });
  }

  #grow(message: Message | undefined): void {
    if (this.#growing === message) return;
    if (this.#growing) this.#growing.growing = false;
    if (message) message.growing = true;
    this.#growing = message;
  }

  #add(role: Message["role"], text: string, images: readonly string[] = [], speaker = ""): Message {
    const added = new Message((this.#lastId += 1), role, speaker, new Date(), images);
    added.text = text;
    this.entries = [...this.entries, added];
    return added;
  }

  #hearViewer({ platform, name, text }: ViewerMessage): void {
    const said = new Message((this.#lastId += 1), "viewer", name, new Date(), [], platform);
    said.text = text;
    this.entries = [...this.entries, said];
  }

  #show(messages: readonly HistoryMessage[]): void {
    this.abandon();
    const nextId = (): number => (this.#lastId += 1);
    this.entries = listOf(messages, this.entries, this.#character.emotions, nextId);
  }
}

/** Return pictures that were shown before, to be shown again; what the server has, it takes itself. */
export function picturesOf(addresses: readonly string[]): Image[] {
  return addresses.filter(isHere).map((data) => ({
    source: "upload",
    data,
    mime_type: /^data:([^;,]*)/.exec(data)?.[1] ?? "",
  }));
}

function isHere(picture: string): boolean {
  return picture.startsWith("data:");
}

function addressesOf(images: readonly Image[]): string[] {
  return images.map(({ data }) => data);
}

/** Whether the voice failed; that it cannot say a script is no failure. */
export function isOfVoice({ about, code }: Sent<"error">): boolean {
  return about === "tts" && code !== "script-unspoken";
}

/** How long a microphone may still hear what a loudspeaker has played. */
const ECHO_MS = 300;

/** Sentences come without the space between them, but Chinese and Japanese want none. */
function joined(before: string, after: string): string {
  const tight = !before || !after || /\s$/.test(before) || /^\s/.test(after) || CJK.test(before);
  return before + (tight ? "" : " ") + after;
}

const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}。！？，、…]$/u;
