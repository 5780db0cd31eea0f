// Every message of /client-ws as a type. Written by `uv run python -m tools.typescript`; do not edit.

export type Extension = "partial-transcripts" | "turn-metrics" | "loading-progress" | "config-warnings" | "interruption-marks" | "groups" | "capabilities" | "speech-chunks" | "word-times" | "expression-strength" | "line-breaks" | "turn-ids" | "error-codes" | "tool-permission" | "barge-in" | "live-chat" | "spoken-questions" | "settings" | "memory" | "conversations" | "group-presence" | "message-actions" | "reply-text" | "stored-pictures" | "group-invitations" | "resume";

export type ErrorCode = "internal" | "engine-failed" | "engine-missing" | "engine-loading" | "engine-timeout" | "package-missing" | "weights-missing" | "service-unreachable" | "service-busy" | "service-failed" | "service-refused" | "model-unknown" | "memory-short" | "disk-full" | "quota-spent" | "key-wrong" | "turn-timeout" | "no-answer" | "prompt-too-long" | "no-sound" | "script-unspoken" | "picture-refused" | "pictures-unseen" | "nothing-heard" | "message-empty" | "message-malformed" | "message-unknown" | "message-too-large" | "limit-reached" | "history-failed" | "history-unknown" | "message-gone" | "message-fixed" | "memory-unknown" | "character-unknown" | "character-unreadable" | "group-client-unknown" | "group-self" | "group-taken" | "group-none" | "group-member-unknown" | "group-not-owner" | "group-asked" | "group-declined" | "group-unanswered" | "group-invitation-over" | "group-invitations-full" | "tool-unasked" | "question-over" | "settings-forbidden" | "conf-unwritable" | "conf-changed" | "language-model-absent" | "trial-busy" | "card-unreadable" | "look-unfit" | "look-gone" | "look-taken" | "file-too-large";

export type Lowering = "duck" | "pause" | "resume";

export type EngineState = "waiting" | "fetching" | "loading" | "ready" | "failed";

export type FactKind = "name" | "life" | "taste" | "date" | "promise" | "told";

export type Remembers = "on" | "off" | "elsewhere";

export type Rewriting = "say-again" | "answer-anew" | "send-again" | "go-on";

export type Activity = "typing" | "talking" | "none";

export type InvitationEnd = "answered" | "joined" | "timeout" | "withdrawn";

/** Asks for the names of the background pictures. */
export interface FetchBackgrounds {
  type: "fetch-backgrounds";
}

/** Asks for the characters that can be switched to. */
export interface FetchConfigs {
  type: "fetch-configs";
}

/** Asks for the stored conversations. */
export interface FetchHistoryList {
  type: "fetch-history-list";
}

/** Begins a new conversation with an empty memory. */
export interface CreateNewHistory {
  type: "create-new-history";
}

/** Asks for a stored conversation and goes on with it. */
export interface FetchAndSetHistory {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  type: "fetch-and-set-history";
  history_uid: string;
}

/** Deletes a stored conversation. */
export interface DeleteHistory {
  type: "delete-history";
  history_uid: string;
}

/** Asks for the stored conversations that hold some words. An extension. */
export interface SearchHistory {
  type: "search-history";
  query: string;
}

/** Changes the character; `file` is a `filename` of `config-files`. */
export interface SwitchConfig {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  type: "switch-config";
  file: string;
}

/** A picture that comes with what is said: one frame of a camera, a screen, or a file. */
export interface Image {
  source: "camera" | "screen" | "clipboard" | "upload";
  /** A data URL, `data:image/jpeg;base64,...`; other data is not shown to the model. */
  data: string;
  mime_type: string;
}

/** Asks the character to say something of its own accord. */
export interface AISpeakSignal {
  type: "ai-speak-signal";
  /** Seconds since the last turn; -1 when a button was pressed. */
  idle_time?: number | null;
  images?: Image[];
}

/** Invites another client into the sender's group. */
export interface AddClientToGroup {
  type: "add-client-to-group";
  invitee_uid: string;
}

/** Removes a client from the group; with one's own uid, leaves it. */
export interface RemoveClientFromGroup {
  type: "remove-client-from-group";
  target_uid: string;
}

/** Asks for `set-model-and-conf` once more. */
export interface RequestInitConfig {
  type: "request-init-config";
}

/** Asks for `group-update`. */
export interface RequestGroupInfo {
  type: "request-group-info";
}

/** Asks whether the server is there. */
export interface Heartbeat {
  type: "heartbeat";
}

/** What the person typed; starts a turn. */
export interface TextInput {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  type: "text-input";
  text: string;
  images?: Image[];
  /**
   * Whether somebody in the audience of a stream said it: then it is answered without tools, and
   * is no part of the stored conversation. An extension.
   */
  viewer?: boolean;
}

/** A part of an utterance that the client cut out itself; `mic-audio-end` completes it. */
export interface MicAudioData {
  type: "mic-audio-data";
  audio: number[];
}

/** The utterance is complete; starts a turn with it. */
export interface MicAudioEnd {
  type: "mic-audio-end";
  images?: Image[];
}

/** The next part of a running microphone; the server finds where speech begins and ends. */
export interface RawAudioData {
  type: "raw-audio-data";
  audio: number[];
}

/** The person broke in. `text` is what they had heard of the reply. */
export interface InterruptSignal {
  /** The turn that is meant: if it is over, nothing happens. Extension `turn-ids`. */
  turn?: string | null;
  type: "interrupt-signal";
  text?: string;
}

/** Everything that was sent has been played. */
export interface FrontendPlaybackComplete {
  /** The turn that is meant: if it is over, nothing happens. Extension `turn-ids`. */
  turn?: string | null;
  type: "frontend-playback-complete";
}

/** A sentence as it is shown, with the name and the picture of who says it. */
export interface DisplayText {
  text: string;
  name: string;
  avatar: string;
}

/** A sentence began to play: the other members of the group are shown it. */
export interface AudioPlayStart {
  type: "audio-play-start";
  display_text?: DisplayText | null;
}

/**
 * Asks for messages that the documented protocol does not have. Unknown names are ignored.
 *
 * The known ones are those of `Extension`.
 */
export interface EnableExtensions {
  type: "enable-extensions";
  extensions: string[];
}

/**
 * Opens our hands-free stream: binary frames of 16-bit PCM, 16 kHz, mono, little-endian.
 *
 * The server then starts turns by itself and stops speaking when it is spoken to. Sent again
 * while the stream is open, it changes how the server listens. An extension that older clients
 * never send.
 */
export interface MicStreamStart {
  type: "mic-stream-start";
  /** How readily speech is noticed; 0.5 and null are what the configuration says. */
  sensitivity?: number | null;
  /**
   * How patiently a pause is waited for: how long a silence ends an utterance where nothing is
   * known of it; null is what the configuration says.
   */
  pause_ms?: number | null;
  /**
   * Whether the server asks for pictures by `control` `mic-audio-end` when an utterance ends, and
   * answers it only when the client's `mic-audio-end` has brought them.
   */
  with_images?: boolean;
  /** Whether a key is held meanwhile: then no pause ends the utterance, but `mic-stream-stop`. */
  held?: boolean;
}

/** Closes the hands-free stream; speech that is under way is taken as complete. */
export interface MicStreamStop {
  type: "mic-stream-stop";
}

/** The first message of a client that connected with `?hello=1`; see there. An extension. */
export interface Hello {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  type: "hello";
  /** As in `enable-extensions`. */
  extensions?: string[];
  /** The character, as in `switch-config`; null for that of conf.yaml. */
  file?: string | null;
  /** The conversation that goes on; null for a new one. */
  history_uid?: string | null;
}

/** Answers a `tool-permission-request` of the same `id`. Extension `tool-permission`. */
export interface ToolPermissionAnswer {
  type: "tool-permission-answer";
  id: string;
  allow: boolean;
  /** With `allow`: whether this tool need not be asked for again, as it is described now. */
  remember?: boolean;
}

/** She has asked aloud, and her voice has died away. Extension `spoken-questions`. */
export interface ToolQuestionPlayed {
  type: "tool-question-played";
  id: string;
}

/** Asks which tools were allowed for good. An extension. */
export interface FetchToolPermissions {
  type: "fetch-tool-permissions";
}

/** A tool that was allowed for good is asked for again. An extension. */
export interface TakeBackToolPermission {
  type: "take-back-tool-permission";
  server: string;
  tool: string;
}

/** Asks which language models there are on the server's computer. Extension `settings`. */
export interface FetchLanguageModels {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  type: "fetch-language-models";
}

/** Have the characters answer with one of `language-models` from now. Extension `settings`. */
export interface ChooseLanguageModel {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  type: "choose-language-model";
  /** As in `language-models`. */
  server: string;
  model: string;
}

/** Asks which languages the character can be spoken with in. Extension `settings`. */
export interface FetchLanguages {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  type: "fetch-languages";
}

/** Have the character speak another language from now on. Extension `settings`. */
export interface ChooseLanguage {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  type: "choose-language";
  /** One of `languages`. */
  language: string;
}

/** Have the character know earlier conversations in later ones, or not. Extension `settings`. */
export interface ChooseRemembering {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  type: "choose-remembering";
  remembers: boolean;
}

/** Says who is talking: what is remembered of others is not told. Extension `memory`. */
export interface SetPerson {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  type: "set-person";
  /** A name; empty for whoever gives none, as everybody is at first. */
  person: string;
  /** Whether what is remembered of whoever gave no name is this person's from now on. */
  takes_over?: boolean;
}

/** Asks what is remembered. Extension `memory`. */
export interface FetchMemory {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  type: "fetch-memory";
  /** Words that it must hold; then messages that hold them are looked for as well. */
  query?: string;
}

/** Has something stand first in what is remembered, or no more. Extension `memory`. */
export interface PinFact {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  type: "pin-fact";
  fact: number;
  pinned: boolean;
}

/** Puts something right that is remembered. Extension `memory`. */
export interface CorrectFact {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  type: "correct-fact";
  fact: number;
  text: string;
}

/** Deletes something that is remembered, there where it was said, too. Extension `memory`. */
export interface ForgetFact {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  type: "forget-fact";
  fact: number;
}

/** Deletes a stored message, and what is remembered because of it. Extension `memory`. */
export interface ForgetMessage {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  type: "forget-message";
  message_id: number;
  /** Of the conversation that it is in. */
  history_uid: string;
}

/** Deletes all conversations of the person with this character. Extension `memory`. */
export interface ForgetEverything {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  type: "forget-everything";
}

/** Says whether a conversation may be remembered in others. Extension `memory`. */
export interface KeepConversation {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  type: "keep-conversation";
  history_uid: string;
  remembered: boolean;
}

/** Something to be remembered, as in `memory`. */
export interface Told {
  text: string;
  kind?: FactKind;
  slot?: string;
  day?: string | null;
  said_at: string;
  pinned?: boolean;
  edited?: boolean;
}

/** Has things remembered that were remembered elsewhere. Extension `memory`. */
export interface ImportMemory {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  type: "import-memory";
  facts: Told[];
}

/** Asks for stored conversations, some at a time. Extension `conversations`. */
export interface FetchConversations {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  type: "fetch-conversations";
  /** Words that somebody said in them, or that are in their title; empty for all. */
  query?: string;
  /** Whether those with other characters are meant as well. */
  everywhere?: boolean;
  /** The `next` of the part before; empty for the first. */
  after?: string;
  limit?: number;
}

/** Gives a stored conversation a title. Extension `conversations`. */
export interface RenameConversation {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  type: "rename-conversation";
  history_uid: string;
  /** With which character it is; null for the one that is here. */
  conf_uid?: string | null;
  /** Empty for the one that it has by itself. */
  title: string;
}

/** Has a stored conversation stand first in the list. Extension `conversations`. */
export interface PinConversation {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  type: "pin-conversation";
  history_uid: string;
  /** With which character it is; null for the one that is here. */
  conf_uid?: string | null;
  pinned: boolean;
}

/** Deletes a stored conversation, as `delete-history` does. Extension `conversations`. */
export interface DeleteConversation {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  type: "delete-conversation";
  history_uid: string;
  /** With which character it is; null for the one that is here. */
  conf_uid?: string | null;
}

/** Says what the person is called in groups. Extension `group-presence`. */
export interface SetGroupName {
  type: "set-group-name";
  /** Empty for the `human_name` of the character. */
  name: string;
}

/** Says that the person writes something, or no more. Extension `group-presence`. */
export interface TellActivity {
  type: "tell-activity";
  activity: Activity;
}

/** Says whether the person joins who asked. Extension `group-invitations`. */
export interface AnswerGroupInvitation {
  type: "answer-group-invitation";
  /** That of `group-invitation`. */
  id: string;
  accept: boolean;
}

/** Has an answer spoken once more. Extension `message-actions`. */
export interface SayAgain {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  message_id: string;
  type: "say-again";
}

/** Has the person's message answered anew. Extension `message-actions`. */
export interface AnswerAnew {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  /** Of the message that is to be answered, or of its answer. */
  message_id: string;
  type: "answer-anew";
  /** What was shown with the message: pictures are not stored. */
  images?: Image[];
}

/** Has the person have said something else, and answers that. Extension `message-actions`. */
export interface SendAgain {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  message_id: string;
  type: "send-again";
  text: string;
  images?: Image[];
}

/** Has the last answer, which was cut off, gone on with. Extension `message-actions`. */
export interface GoOn {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  message_id: string;
  type: "go-on";
}

/** Has another version of a message be what was said. Extension `message-actions`. */
export interface ChooseVersion {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  message_id: string;
  type: "choose-version";
}

/** Deletes a message. Extension `message-actions`. */
export interface DeleteMessage {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  message_id: string;
  type: "delete-message";
}

/** Puts back what was deleted last on this connection. Extension `message-actions`. */
export interface RestoreMessage {
  /** Comes back in the answer, or in the `error` that comes instead. An extension. */
  request_id?: string | null;
  message_id: string;
  type: "restore-message";
}

/** The first message of a client that comes back with `?resume=1`. Extension `resume`. */
export interface Resume {
  type: "resume";
  /** As `resume-token` told it. */
  token: string;
  /** Of the server's last message that came. */
  received: number;
}

/** Says which messages have come; after the first one the client's count. Extension `resume`. */
export interface Received {
  type: "received";
  /** Of the last one. */
  number: number;
}

/** A line for the subtitle: greetings, progress, and `Thinking...` when a turn begins. */
export interface FullText {
  /** The turn that it belongs to, if it belongs to one. Extension `turn-ids`. */
  turn?: string;
  type: "full-text";
  text: string;
}

/** Who the character is and how it is drawn. */
export interface SetModelAndConf {
  type: "set-model-and-conf";
  /** The character's entry of model_dict.json, as it stands there. */
  model_info: Record<string, unknown>;
  conf_name: string;
  conf_uid: string;
  /** Absent after a change of character. */
  client_uid?: string;
  /** Of the character, for who began with `hello`. */
  file?: string;
  /**
   * What the character speaks, such as `en`, for who began with `hello`; absent where that is not
   * known.
   */
  language?: string;
}

/** Steers the client. `interrupt` and `mic-audio-end` are what the server's VAD heard. */
export interface Control {
  /** The turn that it belongs to, if it belongs to one. Extension `turn-ids`. */
  turn?: string;
  type: "control";
  text:
   
    | "start-mic"
    | "stop-mic"
    | "conversation-chain-start"
    | "conversation-chain-end"
    | "interrupt"
    | "mic-audio-end";
}

/** What the avatar does with a sentence. */
export interface Actions {
  /** Indices or names, in the order of the sentence; absent where there are none. */
  expressions?: (number | string)[];
}

/** When a word of a sentence is spoken. */
export interface SpokenWord {
  text: string;
  /** From the beginning of the sentence's sound. */
  start_s: number;
  end_s: number;
}

/** One sentence: its sound, or null for a silent one, and what is shown with it. */
export interface Audio {
  /** The turn that it belongs to, if it belongs to one. Extension `turn-ids`. */
  turn?: string;
  type: "audio";
  /** A complete WAV file in base64. */
  audio: string | null;
  /** Loudness of each 20 ms slice, 0 to 1. */
  volumes: number[];
  slice_length: number;
  display_text: DisplayText;
  actions: Actions | null;
  /** The number under which its sound follows in binary frames. Extension `speech-chunks`. */
  segment?: number;
  /** When its words are spoken, if the voice knows. Extension `word-times`. */
  words?: SpokenWord[];
  /**
   * How strongly the first of its expressions is felt, above 0 to 1. Extension
   * `expression-strength`.
   */
  expression_strength?: number;
  forwarded: boolean;
}

/** How a call of a tool is getting on: `running`, then `completed` or `error`. */
export interface ToolCallStatus {
  /** The turn that it belongs to, if it belongs to one. Extension `turn-ids`. */
  turn?: string;
  type: "tool_call_status";
  /** The same for all that is told of one call. */
  tool_id: string;
  tool_name: string;
  status: "running" | "completed" | "error";
  /** `Input: {...}`, then the result or `Error: ...`. */
  content: string;
  /** ISO 8601 in UTC. */
  timestamp: string;
  /** The character's. */
  name: string;
  /** Where the browser of the tool can be watched; absent for most. */
  browser_view?: Record<string, unknown>;
}

/** All sound of the turn has been sent; `frontend-playback-complete` is awaited. */
export interface BackendSynthComplete {
  /** The turn that it belongs to, if it belongs to one. Extension `turn-ids`. */
  turn?: string;
  type: "backend-synth-complete";
}

/** The next sentence begins a new bubble. */
export interface ForceNewMessage {
  /** The turn that it belongs to, if it belongs to one. Extension `turn-ids`. */
  turn?: string;
  type: "force-new-message";
}

/** What the person was heard to say. */
export interface UserInputTranscription {
  /** The turn that it belongs to, if it belongs to one. Extension `turn-ids`. */
  turn?: string;
  type: "user-input-transcription";
  text: string;
  /** Who said it, if another member of the group did. Extension `groups`. */
  name?: string;
}

/** The names of the background pictures, below /bg/. */
export interface BackgroundFiles {
  type: "background-files";
  files: string[];
}

/** An engine that cannot work until a package is installed on the server's computer. */
export interface LackingPackage {
  /** Of engine, such as `tts`. */
  kind: string;
  engine: string;
  package: string;
  /** The command that installs it; empty where none is known. */
  install: string;
}

/** A character that can be switched to. */
export interface ConfigFile {
  filename: string;
  /** Its conf_name; the filename where that cannot be read. */
  name: string;
  /** Its picture below /avatars/; absent where it has none. An extension. */
  avatar?: string;
  /** Why it cannot be used; absent for one that can. An extension. */
  error?: string;
  /** What its engines need that is not installed; absent where nothing is. An extension. */
  lacks?: LackingPackage[];
}

/** The characters; conf.yaml first. */
export interface ConfigFiles {
  type: "config-files";
  configs: ConfigFile[];
}

/** The character has changed. */
export interface ConfigSwitched {
  type: "config-switched";
  message: string;
  /** Of the request, where it had one. An extension. */
  request_id?: string;
}

/** One stored message of a conversation. */
export interface HistoryMessage {
  role: "human" | "ai" | "system";
  timestamp: string;
  content: string;
  name?: string;
  avatar?: string;
  /** True where another person in the group said it. Extension `groups`. */
  other?: boolean;
  /** Names it in this conversation. Extension `message-actions`. */
  id?: string;
  /**
   * The ids of all its versions, its own among them, the oldest first; absent where there is no
   * other. Extension `message-actions`.
   */
  versions?: string[];
  /**
   * Where the pictures are that were shown with it, from the server's root. Extension
   * `stored-pictures`.
   */
  pictures?: string[];
}

/** A stored conversation in the list. */
export interface HistorySummary {
  uid: string;
  latest_message: HistoryMessage;
  timestamp: string;
}

/** The stored conversations, newest first, none of them empty. */
export interface HistoryList {
  type: "history-list";
  histories: HistorySummary[];
}

/** A stored conversation, as it is shown. */
export interface HistoryData {
  type: "history-data";
  messages: HistoryMessage[];
  /** Of the request, where it had one. An extension. */
  request_id?: string;
  /** Of the conversation, for who began with `hello`. */
  history_uid?: string;
}

/** Whether a stored conversation was deleted. */
export interface HistoryDeleted {
  type: "history-deleted";
  success: boolean;
  history_uid: string;
}

/** The stored conversations that hold the words that were searched. An extension. */
export interface HistorySearch {
  type: "history-search";
  query: string;
  histories: HistorySummary[];
}

/** A new conversation has begun. */
export interface NewHistoryCreated {
  type: "new-history-created";
  history_uid: string;
}

/** Who a member is. */
export interface GroupMember {
  uid: string;
  /** The person's; numbered where several are called so. */
  human_name: string;
  character_name: string;
}

/** Who is in the client's group. */
export interface GroupUpdate {
  type: "group-update";
  members: string[];
  is_owner: boolean;
  /** The members with their names. Extension `groups`. */
  people?: GroupMember[];
}

/** What became of a change to the group. */
export interface GroupOperationResult {
  type: "group-operation-result";
  success: boolean;
  message: string;
  /** Why it was refused, for programs. Extension `error-codes`. */
  code?: ErrorCode;
}

/** Somebody in the group broke in: stop playing. */
export interface Interrupted {
  /** The turn that it belongs to, if it belongs to one. Extension `turn-ids`. */
  turn?: string;
  type: "interrupt-signal";
  text: string;
}

/** Something failed; `message` says what and how to mend it. */
export interface Error {
  /** The turn that it belongs to, if it belongs to one. Extension `turn-ids`. */
  turn?: string;
  type: "error";
  message: string;
  /** Of the request that failed, where it had one. An extension. */
  request_id?: string;
  /** What it is, for programs. Extension `error-codes`. */
  code?: ErrorCode;
  /**
   * The kind of an engine, the type of a message or a key of conf.yaml, where it concerns one.
   * Extension `error-codes`.
   */
  about?: string;
  /** What belongs into its words, where there is something. Extension `error-codes`. */
  params?: Record<string, unknown>;
}

/** The server is there. */
export interface HeartbeatAck {
  type: "heartbeat-ack";
}

/** Which of the extensions that were asked for the client has from now on. */
export interface ExtensionsEnabled {
  type: "extensions-enabled";
  extensions: Extension[];
}

/** What was heard so far of the person who is speaking. Extension `partial-transcripts`. */
export interface PartialTranscript {
  type: "partial-transcript";
  /** The whole utterance up to now; empty when what was shown is taken back. */
  text: string;
}

/** Has the sound of a turn lowered, held up or go on as before. Extension `barge-in`. */
export interface PlaybackControl {
  type: "playback-control";
  action: Lowering;
  /** The turn whose sound it is; of another one it says nothing. */
  turn: string;
}

/** When words of a segment are spoken; before their sound. Extension `word-times`. */
export interface SpeechWords {
  /** The turn that it belongs to, if it belongs to one. Extension `turn-ids`. */
  turn?: string;
  type: "speech-words";
  segment: number;
  words: SpokenWord[];
}

/**
 * How long each stage of a turn took, up to its first sound. Extension `turn-metrics`.
 *
 * The stages follow one another and add up to the total; one that the turn did not have is null.
 */
export interface TurnMetrics {
  type: "turn-metrics";
  /** The turn's id, as in the server's log. */
  turn: string;
  /** From the last voiced sample to the decision that the person is done. */
  endpointing_ms: number | null;
  /** From there until the words were known. */
  asr_ms: number | null;
  /** From there to the first piece of the answer. */
  first_token_ms: number | null;
  /** From there until the first sentence with sound was sent. */
  first_audio_ms: number | null;
  total_ms: number;
}

/** How far one engine is. */
export interface EngineProgress {
  /** `vad`, `asr`, `llm`, `tts`, or another kind of engine that the character has. */
  kind: string;
  name: string;
  state: EngineState;
  /** Of the weights that are being fetched; null where nothing is being fetched. */
  done_bytes: number | null;
  total_bytes: number | null;
  /** Why it failed, and how to mend it. */
  message: string;
  /** The same for programs, as in an `error`. */
  code?: ErrorCode;
  /** What belongs into its words. */
  params?: Record<string, unknown>;
}

/** How far the engines of the character are. Extension `loading-progress`. */
export interface LoadingProgress {
  type: "loading-progress";
  engines: EngineProgress[];
}

/** What can be done with the character's engines. Extension `capabilities`. */
export interface Capabilities {
  type: "capabilities";
  /** Whether the language model can see pictures, as far as is known. */
  images: boolean;
  /**
   * Whether what was said can be answered anew, changed and deleted. Extension `message-actions`.
   */
  rewrites?: boolean;
}

/**
 * What in the character's files does nothing, or not what it says. Extension `config-warnings`.
 *
 * It comes once for each character that is talked with.
 */
export interface ConfigWarnings {
  type: "config-warnings";
  /** A line for each, with file, line and key. */
  warnings: string[];
}

/** What a viewer of the stream wrote, who is answered now. Extension `live-chat`. */
export interface ViewerMessage {
  /** The turn that it belongs to, if it belongs to one. Extension `turn-ids`. */
  turn?: string;
  type: "viewer-message";
  /** `Bilibili`, `Twitch`, `YouTube`, or another one. */
  platform: string;
  /** Of the viewer. */
  name: string;
  /** One line. */
  text: string;
}

/** Asks the person whether a tool may be used. Extension `tool-permission`. */
export interface ToolPermissionRequest {
  /** The turn that it belongs to, if it belongs to one. Extension `turn-ids`. */
  turn?: string;
  type: "tool-permission-request";
  /** Of the question. */
  id: string;
  /** Of the call, as in `tool_call_status`. */
  tool_id: string;
  /** As its server calls it. */
  tool: string;
  /** As mcp_servers.json calls it. */
  server: string;
  /** What the server says of the tool: not our words. */
  description: string;
  /** A JSON object. */
  arguments: string;
  /** Whether it is described otherwise than when the person last allowed it. */
  description_changed: boolean;
}

/** A question is no longer open, and what became of it. Extension `tool-permission`. */
export interface ToolPermissionClosed {
  type: "tool-permission-closed";
  id: string;
  outcome: "allowed" | "refused" | "unanswered" | "withdrawn";
}

/**
 * All sound of a question was sent: `tool-question-played` is awaited, after its sound.
 *
 * Extension `spoken-questions`.
 */
export interface ToolQuestionAsked {
  /** The turn that it belongs to, if it belongs to one. Extension `turn-ids`. */
  turn?: string;
  type: "tool-question-asked";
  id: string;
}

/** A tool that was allowed for good. */
export interface AllowedTool {
  server: string;
  tool: string;
}

/** Which tools were allowed for good. It answers those who ask, or take one back. */
export interface ToolPermissions {
  type: "tool-permissions";
  tools: AllowedTool[];
}

/** A server of language models that runs on the server's computer. */
export interface LanguageModelServer {
  /** What it is called: `Ollama`, `LM Studio`, `llama-server`. */
  server: string;
  /** Which engine asks it. */
  engine: string;
  base_url: string;
  /** As it spells them; none where it has none. */
  models: string[];
}

/** Which language models there are on the server's computer. Extension `settings`. */
export interface LanguageModels {
  type: "language-models";
  servers: LanguageModelServer[];
  /** The one that the character has; empty where its agent thinks elsewhere. */
  engine: string;
  /** As its section names it. */
  model: string;
  /** Which one that is, where its section leaves it to the computer and it is loaded. */
  in_use?: string;
  /** Whether the character has no more than the small model that comes with the program. */
  suggested: boolean;
  request_id?: string;
}

/** What recognizes or speaks a language. */
export interface LanguageEngine {
  engine: string;
  /** What would be fetched for it, in MB; 0 where it is all here. */
  fetches_mb: number;
  /** Whether it is an online service: what is said is sent there. */
  online: boolean;
  /** What should be known of it, in English; may be empty. */
  advice: string;
}

/** A language that can be chosen, and what it gives. */
export interface LanguageChoice {
  /** Its code of two letters. */
  language: string;
  /** What those who speak it call it. */
  name: string;
  asr: LanguageEngine;
  tts: LanguageEngine;
}

/** What the configuration names itself: it stays, whatever is chosen. */
export interface NamedEngine {
  kind: "asr" | "tts";
  engine: string;
  /** The file and line where it is named: `conf.yaml:42`. */
  place: string;
}

/** Which languages can be chosen for the character. Extension `settings`. */
export interface Languages {
  type: "languages";
  /** The one that is chosen, by its code; empty where none is. */
  language: string;
  languages: LanguageChoice[];
  stays: NamedEngine[];
  /** Where the choice is written. */
  file: string;
  request_id?: string;
}

/** What was chosen is written down, and holds. Extension `settings`. */
export interface SettingsChanged {
  type: "settings-changed";
  /** Where it is written; as it was before, it lies beside that, with `.bak` at its end. */
  file: string;
  request_id?: string;
}

/** Something that is remembered: a sentence that the person has said. */
export interface Remembered {
  id: number;
  text: string;
  kind: FactKind;
  /**
   * What it answers, such as `home` or `sister/wedding`: what is newer takes the place of what is
   * older. Empty where nothing does.
   */
  slot: string;
  /** The day that it speaks of, as `2026-05-09`; null where it speaks of none. */
  day: string | null;
  /** As in `history-data`. */
  said_at: string;
  /** Of the conversation in which it was said. */
  history_uid: string;
  pinned: boolean;
  /** Whether the words were corrected by hand. */
  edited: boolean;
}

/** A message of a stored conversation. */
export interface Passage {
  message_id: number;
  history_uid: string;
  role: "human" | "ai";
  /** Of the character, or of another person in a group; null for the person. */
  name: string | null;
  text: string;
  said_at: string;
}

/** What is remembered of the person. Extension `memory`. */
export interface Memory {
  type: "memory";
  remembers: Remembers;
  /** Whether the conversation that goes on may be remembered. */
  conversation_remembered: boolean;
  /** What was searched for; empty where all was asked for. */
  query: string;
  /** The pinned ones first, then the newest; 2000 at most. */
  facts: Remembered[];
  /** How many there are. */
  total: number;
  /** Messages with the words that were searched for, the best first. */
  passages: Passage[];
  request_id?: string;
}

/** What was asked for is done. Extension `memory`. */
export interface MemoryChanged {
  type: "memory-changed";
  /** After `forget-fact`: which other messages mention the same; they are still there. */
  mentions: Passage[];
  request_id?: string;
}

/** A message that holds the words that were searched. */
export interface FoundMessage {
  role: "human" | "ai";
  /** Of who said it, where that was stored. */
  name: string | null;
  /** The part of it in which the words are. */
  text: string;
  /** The `timestamp` that it has in `history-data`. */
  said_at: string;
}

/** A stored conversation. */
export interface ListedConversation {
  uid: string;
  conf_uid: string;
  /** The character with whom it is, as in `config-files`; null where there is none any more. */
  file: string | null;
  /** What that is called; empty where there is none any more. */
  character: string;
  /** What the person calls it, else its first words, or the names of others who were there. */
  title: string;
  /** Whether the person has given it the title. */
  named: boolean;
  pinned: boolean;
  /** The names of others who said something in it, as in a group; without the person's own. */
  people: string[];
  /** Of the last message. */
  timestamp: string;
  /** The beginning of what was said last; null where nobody has said anything. */
  latest: FoundMessage | null;
  /** Where the words are that were searched, the newest first, at most three. */
  found: FoundMessage[];
  /** In how many more messages they are. */
  found_more: number;
}

/** A part of the list of stored conversations. Extension `conversations`. */
export interface Conversations {
  type: "conversations";
  query: string;
  everywhere: boolean;
  /** The pinned ones first, then the newest. */
  conversations: ListedConversation[];
  /** As in the request: what these come after. */
  after: string;
  /** What the next part is asked with; null where this is the last. */
  next: string | null;
  request_id?: string;
}

/**
 * Another title, or a pin, of a stored conversation. Extension `conversations`.
 *
 * Everybody with the extension is told; who did not ask for it, with the `request_id` `told`.
 */
export interface ConversationChanged {
  type: "conversation-changed";
  conversation: ListedConversation;
  request_id?: string;
}

/**
 * A stored conversation is gone. Extension `conversations`.
 *
 * Everybody with the extension is told; who did not ask for it, with the `request_id` `told`.
 */
export interface ConversationDeleted {
  type: "conversation-deleted";
  conf_uid: string;
  history_uid: string;
  /** False where there was none. */
  success: boolean;
  request_id?: string;
}

/**
 * What the messages of a turn are called. Extension `message-actions`.
 *
 * It comes before anything of the answer.
 */
export interface TurnMessages {
  type: "turn-messages";
  turn: string;
  /** The id of what the person said, where that is new. */
  heard?: string;
  /** The id that the answer has, if any comes of it; absent where it will not be stored. */
  answer?: string;
  /** True where the answer is only stored when the person has said something next. */
  provisional?: boolean;
  /** What was asked for, where it is no ordinary turn. */
  action?: Rewriting;
  /** The id of the message with which it is done. */
  of?: string;
  /** Of what is new here, as in `history-data`, if anything of it comes to be. */
  versions?: string[];
  /** Of the `text-input` or the action. */
  request_id?: string;
}

/**
 * A line of the answer, as it is written: its voice is still to come. Extension `reply-text`.
 *
 * A line that is empty takes back what was written from there on.
 */
export interface ReplyText {
  /** The turn that it belongs to, if it belongs to one. Extension `turn-ids`. */
  turn?: string;
  type: "reply-text";
  /** Its number in the answer, from 0. Each is the `display_text` of one `audio`. */
  line: number;
  text: string;
}

/** Asks the person whether they join a group. Extension `group-invitations`. */
export interface GroupInvitation {
  type: "group-invitation";
  id: string;
  /** Of the client that asks. */
  uid: string;
  /** Of its person. */
  human_name: string;
  /** Whom that person talks with. */
  character_name: string;
  /** The names of who else is in the group just now. */
  others: string[];
  /** How long the person has to answer, in seconds. */
  expires_s: number;
}

/** An invitation cannot be answered any more. Extension `group-invitations`. */
export interface GroupInvitationOver {
  type: "group-invitation-over";
  id: string;
  reason: InvitationEnd;
}

/** What another person in the group does just now. Extension `group-presence`. */
export interface GroupActivity {
  type: "group-activity";
  /** The member's. */
  uid: string;
  activity: Activity;
}

/** Whose character answers now. Extension `group-presence`. */
export interface GroupSpeaker {
  type: "group-speaker";
  /** The member's; empty when nobody's does any more. */
  uid: string;
}

/** By what the session can be gone on with; from here on messages count. Extension `resume`. */
export interface ResumeToken {
  type: "resume-token";
  /** A secret of this session. */
  token: string;
  /** How long the server waits for a client that it has lost. */
  grace_s: number;
}

/** The session goes on; what was not received follows. Extension `resume`. */
export interface Resumed {
  type: "resumed";
  /** Of the client's last message that came: those after it are to be sent again. */
  received: number;
  /** The message after this one has the next number. */
  sent: number;
  /** Whether messages are gone that the client has not received. */
  missed: boolean;
}

/** There is no session to go on with: `hello` begins another one. Extension `resume`. */
export interface ResumeRefused {
  type: "resume-refused";
}

/** Which messages of the client have come. Extension `resume`. */
export interface ReceivedByServer {
  type: "received";
  /** Of the last one. */
  number: number;
}

/** What the client sends. */
export type ClientMessage =
  | FetchBackgrounds
  | FetchConfigs
  | FetchHistoryList
  | CreateNewHistory
  | FetchAndSetHistory
  | DeleteHistory
  | SearchHistory
  | SwitchConfig
  | AISpeakSignal
  | AddClientToGroup
  | RemoveClientFromGroup
  | RequestInitConfig
  | RequestGroupInfo
  | Heartbeat
  | TextInput
  | MicAudioData
  | MicAudioEnd
  | RawAudioData
  | InterruptSignal
  | FrontendPlaybackComplete
  | AudioPlayStart
  | EnableExtensions
  | MicStreamStart
  | MicStreamStop
  | Hello
  | ToolPermissionAnswer
  | ToolQuestionPlayed
  | FetchToolPermissions
  | TakeBackToolPermission
  | FetchLanguageModels
  | ChooseLanguageModel
  | FetchLanguages
  | ChooseLanguage
  | ChooseRemembering
  | SetPerson
  | FetchMemory
  | PinFact
  | CorrectFact
  | ForgetFact
  | ForgetMessage
  | ForgetEverything
  | KeepConversation
  | ImportMemory
  | FetchConversations
  | RenameConversation
  | PinConversation
  | DeleteConversation
  | SetGroupName
  | TellActivity
  | AnswerGroupInvitation
  | SayAgain
  | AnswerAnew
  | SendAgain
  | GoOn
  | ChooseVersion
  | DeleteMessage
  | RestoreMessage
  | Resume
  | Received;

/** What the server sends. */
export type ServerMessage =
  | FullText
  | SetModelAndConf
  | Control
  | Audio
  | ToolCallStatus
  | BackendSynthComplete
  | ForceNewMessage
  | UserInputTranscription
  | BackgroundFiles
  | ConfigFiles
  | ConfigSwitched
  | HistoryList
  | HistoryData
  | HistoryDeleted
  | HistorySearch
  | NewHistoryCreated
  | GroupUpdate
  | GroupOperationResult
  | Interrupted
  | Error
  | HeartbeatAck
  | ExtensionsEnabled
  | PartialTranscript
  | PlaybackControl
  | SpeechWords
  | TurnMetrics
  | LoadingProgress
  | Capabilities
  | ConfigWarnings
  | ViewerMessage
  | ToolPermissionRequest
  | ToolPermissionClosed
  | ToolQuestionAsked
  | ToolPermissions
  | LanguageModels
  | Languages
  | SettingsChanged
  | Memory
  | MemoryChanged
  | Conversations
  | ConversationChanged
  | ConversationDeleted
  | TurnMessages
  | ReplyText
  | GroupInvitation
  | GroupInvitationOver
  | GroupActivity
  | GroupSpeaker
  | ResumeToken
  | Resumed
  | ResumeRefused
  | ReceivedByServer;
