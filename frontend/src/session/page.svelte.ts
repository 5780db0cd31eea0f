/** All that the page is made of, put together; components find it through `getPage`. */

import { socketAddress } from "@open-llm-vtuber/shared/access";
import { dress } from "@open-llm-vtuber/shared/appearance";
import { SoundOutput } from "@open-llm-vtuber/shared/audio/output";
import type { Extension } from "@open-llm-vtuber/shared/protocol/messages";
import { createContext, untrack } from "svelte";

import { Player } from "../audio/player";
import { microphoneTrouble } from "../i18n/microphone";
import { wordsOf } from "../i18n/words";
import { visible } from "./arguments";
import { Character } from "./character.svelte";
import { DraftPictures } from "./draft_pictures";
import { Drafts } from "./drafts.svelte";
import { Configuration } from "./configuration.svelte";
import { Connection } from "./connection.svelte";
import { Conversation } from "./conversation.svelte";
import { ConversationList } from "./conversation_list.svelte";
import { Deletions } from "./deletions.svelte";
import { Group } from "./group.svelte";
import { Invitations } from "./invitations.svelte";
import { Library, offerCause } from "./library.svelte";
import { Loading } from "./loading.svelte";
import { Memories } from "./memories.svelte";
import { MessageActions } from "./message_actions.svelte";
import { Metrics } from "./metrics.svelte";
import { Modes } from "./modes.svelte";
import { MicrophoneControl } from "./microphone_control.svelte";
import { Notices } from "./notices.svelte";
import { Permissions } from "./permissions.svelte";
import type { Place } from "./places";
import { BrowserPictures } from "./picture_store";
import { ProactiveTimer } from "./proactive_timer.svelte";
import { PushToTalk } from "./push_to_talk.svelte";
import { Resume } from "./resume";
import { Sending } from "./sending.svelte";
import { ServerChoices } from "./server_choices.svelte";
import { Settings } from "./settings.svelte";
import { tell } from "./troubles";
import { isOutdated } from "./version";
import { VisionSources, SOURCES } from "./vision_sources.svelte";
import { Welcome } from "./welcome.svelte";

export type PanelName =
  | "conversations"
  | "memory"
  | "characters"
  | "looks"
  | "backgrounds"
  | "group"
  | "settings"
  | "configuration"
  | "devices"
  | "metrics";

/** Among the hints that were seen: what there is to know about the settings, as it was last told. */
const IDLE = "settings: ";

const EXTENSIONS: Extension[] = [
  "partial-transcripts",
  "turn-metrics",
  "loading-progress",
  "config-warnings",
  "interruption-marks",
  "groups",
  "capabilities",
  "turn-ids",
  "speech-chunks",
  "word-times",
  "expression-strength",
  "line-breaks",
  "error-codes",
  "tool-permission",
  "live-chat",
  "settings",
  "spoken-questions",
  "barge-in",
  "memory",
  "message-actions",
  "reply-text",
  "conversations",
  "group-presence",
  "stored-pictures",
  "resume",
  "group-invitations",
];

export class Page {
  readonly settings = new Settings();
  readonly words = $derived(wordsOf(this.settings.now.language));
  readonly notices = new Notices();
  readonly connection = new Connection(socketAddress("/client-ws?hello=1"));
  readonly output = new SoundOutput();
  readonly player = new Player(this.output);
  readonly metrics = new Metrics(this.connection);
  readonly loading = new Loading(this.connection);
  readonly configuration = new Configuration(this.connection);
  readonly character = new Character(this.connection);
  readonly group = new Group(this.connection);
  readonly invitations = new Invitations(this.connection);
  readonly permissions = new Permissions(this.connection);
  readonly conversation = new Conversation(
    this.connection,
    this.player,
    this.metrics,
    this.character,
    this.group,
    this.permissions,
  );
  readonly actions = new MessageActions(this.connection, this.conversation, this.group);
  readonly library = new Library(this.connection);
  readonly deletions = new Deletions(this.connection);
  readonly conversationList = new ConversationList(this.connection, this.deletions);
  readonly choices = new ServerChoices(this.connection, this.settings);
  readonly welcome = new Welcome(this.connection, this.settings, this.choices);
  readonly memories = new Memories(this.connection, this.settings);
  readonly vision = new VisionSources();
  readonly microphone = new MicrophoneControl(this.connection, this.settings, this.vision);
  readonly pushToTalk = new PushToTalk(this.microphone);
  /** What is being written. */
  readonly drafts = new Drafts(this.connection);
  readonly draftPictures = new DraftPictures(this.connection, this.vision, new BrowserPictures());
  readonly sending = new Sending(this.connection, this.conversation, this.drafts, this.vision);
  readonly proactive = new ProactiveTimer(this.connection, this.vision, () => this.modes.began());
  readonly resume = new Resume(this.connection);
  readonly modes: Modes = new Modes(this);
  /** What the person is saying right now, if it is to be shown. */
  readonly partial = $derived(
    this.settings.now.partialTranscripts ? this.conversation.partial : "",
  );
  /** Whether a card in the middle wants an answer; what would cover it waits. */
  isAsking = $state(false);
  /** The panel that is open. */
  panel = $state<PanelName | null>(null);
  /** What others in a group see as the person's name; "" where none was given. */
  readonly groupName = $derived(this.settings.now.groupName || this.settings.now.person);
  /** The message that was looked up in this conversation; null when something else is said. */
  place = $state.raw<Place | null>(null);
  /** Whether the tab is in the background. */
  isHidden = $state(document.hidden);

  /** How many things there are to know about the settings, until that is told. */
  #news = $state(0);
  #isReconnected = false;
  /** Whether a notice says that the page is outdated. */
  #isTold = false;

  /** Ends what follows the settings and the states. */
  readonly #endEffects: () => void;
  readonly #ended = new AbortController();

  constructor() {
    this.connection.on("open", () => this.#greet());
    this.connection.on("lost", () => {
      this.conversation.abandon();
      this.microphone.pause();
    });
    this.connection.on("away", () => this.microphone.pause());
    this.connection.on("missed", () => {
      const { history_uid } = this.resume.wish;
      if (history_uid) this.connection.send({ type: "fetch-and-set-history", history_uid });
    });
    this.conversation.on("turn", () => (this.place = null));
    // Who is here need not be offered.
    this.connection.on("set-model-and-conf", ({ file }) =>
      this.notices.removeOf(offerCause(file ?? "")),
    );
    this.microphone.on("shown", (images) => this.conversation.showWith(images));
    this.microphone.on("pressed", () => {
      // What is said may answer a question; else a key that is pressed means it.
      if (!this.permissions.isAsking) this.conversation.interrupt();
    });
    this.#tell();
    this.#endEffects = $effect.root(() => this.#follow());
  }

  get draft(): string {
    return this.drafts.text;
  }

  async start(): Promise<void> {
    if (await this.resume.leaveToOthers()) this.notices.add(this.words.conversation.elsewhere);
    if (!this.#ended.signal.aborted) this.connection.connect();
  }

  /** Let go of everything: the page has failed, and what is left of it can no longer be steered. */
  dispose(): void {
    this.#endEffects();
    this.#ended.abort();
    this.connection.end();
    this.conversation.abandon();
    this.proactive.rest();
    this.pushToTalk.dispose();
    void this.microphone.turn(false);
    for (const source of SOURCES) void this.vision.turn(source, false);
    this.modes.dispose();
    this.settings.dispose();
  }

  /** Show everything that conf.yaml says. */
  openSettings(): void {
    this.panel = "configuration";
  }

  /** Show the first settings, among which is the language that is spoken. */
  openLanguage(): void {
    this.panel = "settings";
  }

  /** Say once more why she cannot be talked with, or gave no answer. */
  explain(): void {
    const { failure } = this.conversation;
    if (this.loading.broken) this.loading.show();
    else if (failure) tell(this, failure);
  }

  /** Whatever should be known becomes a notice, in the language of the page. */
  #tell(): void {
    this.conversation.on("failed", (error) => {
      // In the words of the server the same thing fails alike, whoever noticed it.
      if (this.loading.tells(error.message)) {
        if (error.turn !== undefined) this.loading.count(error.message);
        return;
      }
      tell(this, error);
    });
    this.loading.on("failed", (why) => this.notices.removeOf(why));
    this.permissions.on("unanswered", ({ tool }) => {
      this.notices.add(this.words.conversation.permission.unanswered(visible(tool)));
    });
    this.invitations.on("over", ({ human_name }, reason) => {
      const told = this.words.invitations.over[reason](human_name);
      if (told) this.notices.add(told);
    });
    this.vision.on("blind", (source) => {
      this.notices.error(this.words.conversation.blind[source], "", `${source} blind`);
    });
    this.microphone.on("trouble", (trouble) => {
      const { problem, detail } = trouble;
      const text = microphoneTrouble(this.words.conversation.problems, trouble);
      this.notices.error(text, problem === "failed" ? detail : "", `microphone ${problem}`);
    });
    this.configuration.on("news", (count) => (this.#news = count));
    // A part that is loaded only when it is wanted may be one that the server no longer has.
    const { signal } = this.#ended;
    addEventListener("vite:preloadError", () => void this.#compare(), { signal });
  }

  /** What lasts as long as the page and follows what is chosen and what goes on. */
  #follow(): void {
    $effect(() => {
      const name = this.character.name || this.words.conversation.appName;
      dress(name, this.words.language, this.settings.now.theme);
    });
    $effect(() => this.microphone.tune());
    $effect(() => this.memories.introduce());
    $effect(() => this.group.introduce(this.groupName));
    $effect(() => this.group.writes(this.draft !== ""));
    $effect(() => void this.memories.prepareToAsk());
    $effect(() => this.draftPictures.follow());
    $effect(() => {
      if (!this.configuration.warnings.length) this.notices.removeOf(IDLE);
    });
    $effect(() => {
      // What is wrong with an engine's settings is told by its card first.
      const { engines, isShown } = this.loading;
      if (!this.#news || isShown || !engines.length) return;
      untrack(() => this.#tellOfSettings());
      this.#news = 0;
    });
    $effect(() => {
      const { volume, isMuted } = this.settings.now;
      this.output.volume = isMuted ? 0 : volume;
    });
    $effect(() => {
      this.output.useSpeaker(this.settings.now.speaker).catch((error: unknown) => {
        console.warn("The chosen speaker cannot be used.", error);
        this.notices.error(this.words.panels.settings.speakerFailed);
      });
    });
    $effect(() => {
      const { proactiveAfterS } = this.settings.now;
      const isQuiet = this.conversation.turn === "idle" && !this.conversation.partial;
      const isWriting = this.drafts.text !== "" || this.vision.pictures.length > 0;
      const isReady = this.connection.state === "open" && this.modes.mayBegin;
      if (isQuiet && !isWriting && isReady) this.proactive.wait(proactiveAfterS);
      else this.proactive.rest();
    });
  }

  /** Who wrote them is often elsewhere: it stays until it was seen, and is told once in a browser. */
  #tellOfSettings(): void {
    const { warnings } = this.configuration;
    const told = IDLE + warnings.join("\n");
    if (!warnings.length || this.settings.now.hintsSeen.includes(told)) return;
    const { news, show } = this.words.panels.characters;
    this.notices.removeOf(IDLE);
    this.notices.add(news(warnings.length), {
      cause: IDLE,
      stays: true,
      action: { label: show, run: () => (this.panel = "characters") },
      gone: () => {
        const others = this.settings.now.hintsSeen.filter((one) => !one.startsWith(IDLE));
        this.settings.set({ hintsSeen: [...others, told] });
      },
    });
  }

  #greet(): void {
    const { wish } = this.resume;
    // An id of its own, so that what answers it is not taken for an answer to another question.
    this.connection.send({ type: "hello", request_id: "hello", extensions: EXTENSIONS, ...wish });
    this.library.refresh();
    this.deletions.resume();
    if (this.#isReconnected) void this.#compare();
    this.#isReconnected = true;
  }

  /** The server may have been updated meanwhile: then this page is no longer its own. */
  async #compare(): Promise<void> {
    if (!(await isOutdated()) || this.#isTold) return;
    this.#isTold = true;
    const { updated, reload } = this.words.conversation;
    this.notices.add(updated, {
      stays: true,
      action: { label: reload, run: () => location.reload() },
      gone: () => (this.#isTold = false),
    });
  }
}

export const [getPage, setPage] = createContext<Page>();
