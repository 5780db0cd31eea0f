"""What the server sends on /client-ws only to clients that asked for an extension."""

from __future__ import annotations

from typing import Literal

from ..faults import ErrorCode, Param
from .extensions import Extension
from .outgoing import SpokenWord
from .parts import OfTurn, Outgoing, Part, sparse


class ExtensionsEnabled(Outgoing):
    """Which of the extensions that were asked for the client has from now on."""

    type: Literal["extensions-enabled"] = "extensions-enabled"
    extensions: list[Extension]


class PartialTranscript(Outgoing):
    """What was heard so far of the person who is speaking. Extension `partial-transcripts`."""

    type: Literal["partial-transcript"] = "partial-transcript"
    text: str
    """The whole utterance up to now; empty when what was shown is taken back."""


Lowering = Literal["duck", "pause", "resume"]


class PlaybackControl(Outgoing):
    """Has the sound of a turn lowered, held up or go on as before. Extension `barge-in`."""

    type: Literal["playback-control"] = "playback-control"
    action: Lowering
    turn: str
    """The turn whose sound it is; of another one it says nothing."""


class SpeechWords(OfTurn):
    """When words of a segment are spoken; before their sound. Extension `word-times`."""

    type: Literal["speech-words"] = "speech-words"
    segment: int
    words: list[SpokenWord]


class TurnMetrics(Outgoing):
    """How long each stage of a turn took, up to its first sound. Extension `turn-metrics`.

    The stages follow one another and add up to the total; one that the turn did not have is null.
    """

    type: Literal["turn-metrics"] = "turn-metrics"
    turn: str
    """The turn's id, as in the server's log."""
    endpointing_ms: int | None
    """From the last voiced sample to the decision that the person is done."""
    asr_ms: int | None
    """From there until the words were known."""
    first_token_ms: int | None
    """From there to the first piece of the answer."""
    first_audio_ms: int | None
    """From there until the first sentence with sound was sent."""
    total_ms: int


EngineState = Literal["waiting", "fetching", "loading", "ready", "failed"]


class EngineProgress(Part):
    """How far one engine is."""

    kind: str
    """`vad`, `asr`, `llm`, `tts`, or another kind of engine that the character has."""
    name: str
    state: EngineState
    done_bytes: int | None = None
    """Of the weights that are being fetched; null where nothing is being fetched."""
    total_bytes: int | None = None
    message: str = ""
    """Why it failed, and how to mend it."""
    code: ErrorCode | None = sparse()
    """The same for programs, as in an `error`."""
    params: dict[str, Param] | None = sparse()
    """What belongs into its words."""


class LoadingProgress(Outgoing):
    """How far the engines of the character are. Extension `loading-progress`."""

    type: Literal["loading-progress"] = "loading-progress"
    engines: list[EngineProgress]


class Capabilities(Outgoing):
    """What can be done with the character's engines. Extension `capabilities`."""

    type: Literal["capabilities"] = "capabilities"
    images: bool
    """Whether the language model can see pictures, as far as is known."""
    rewrites: bool | None = sparse()
    """Whether what was said can be answered anew, changed and deleted. Extension `message-actions`.
    """


class ConfigWarnings(Outgoing):
    """What in the character's files does nothing, or not what it says. Extension `config-warnings`.

    It comes once for each character that is talked with.
    """

    type: Literal["config-warnings"] = "config-warnings"
    warnings: list[str]
    """A line for each, with file, line and key."""


class ViewerMessage(OfTurn):
    """What a viewer of the stream wrote, who is answered now. Extension `live-chat`."""

    type: Literal["viewer-message"] = "viewer-message"
    platform: str
    """`Bilibili`, `Twitch`, `YouTube`, or another one."""
    name: str
    """Of the viewer."""
    text: str
    """One line."""

    @property
    def as_told(self) -> str:
        """How the character is told of it."""
        return f"{self.name} in the chat says: {self.text}"


class ToolPermissionRequest(OfTurn):
    """Asks the person whether a tool may be used. Extension `tool-permission`."""

    type: Literal["tool-permission-request"] = "tool-permission-request"
    id: str
    """Of the question."""
    tool_id: str
    """Of the call, as in `tool_call_status`."""
    tool: str
    """As its server calls it."""
    server: str
    """As mcp_servers.json calls it."""
    description: str
    """What the server says of the tool: not our words."""
    arguments: str
    """A JSON object."""
    description_changed: bool
    """Whether it is described otherwise than when the person last allowed it."""


class ToolPermissionClosed(Outgoing):
    """A question is no longer open, and what became of it. Extension `tool-permission`."""

    type: Literal["tool-permission-closed"] = "tool-permission-closed"
    id: str
    outcome: Literal["allowed", "refused", "unanswered", "withdrawn"]


class ToolQuestionAsked(OfTurn):
    """All sound of a question was sent: `tool-question-played` is awaited, after its sound.

    Extension `spoken-questions`.
    """

    type: Literal["tool-question-asked"] = "tool-question-asked"
    id: str


class AllowedTool(Part):
    """A tool that was allowed for good."""

    server: str
    tool: str


class ToolPermissions(Outgoing):
    """Which tools were allowed for good. It answers those who ask, or take one back."""

    type: Literal["tool-permissions"] = "tool-permissions"
    tools: list[AllowedTool]


class LanguageModelServer(Part):
    """A server of language models that runs on the server's computer."""

    server: str
    """What it is called: `Ollama`, `LM Studio`, `llama-server`."""
    engine: str
    """Which engine asks it."""
    base_url: str
    models: list[str]
    """As it spells them; none where it has none."""


class LanguageModels(Outgoing):
    """Which language models there are on the server's computer. Extension `settings`."""

    type: Literal["language-models"] = "language-models"
    servers: list[LanguageModelServer]
    engine: str
    """The one that the character has; empty where its agent thinks elsewhere."""
    model: str
    """As its section names it."""
    in_use: str | None = sparse()
    """Which one that is, where its section leaves it to the computer and it is loaded."""
    suggested: bool
    """Whether the character has no more than the small model that comes with the program."""
    request_id: str | None = sparse()


class LanguageEngine(Part):
    """What recognizes or speaks a language."""

    engine: str
    fetches_mb: int
    """What would be fetched for it, in MB; 0 where it is all here."""
    online: bool
    """Whether it is an online service: what is said is sent there."""
    advice: str
    """What should be known of it, in English; may be empty."""


class LanguageChoice(Part):
    """A language that can be chosen, and what it gives."""

    language: str
    """Its code of two letters."""
    name: str
    """What those who speak it call it."""
    asr: LanguageEngine
    tts: LanguageEngine


class NamedEngine(Part):
    """What the configuration names itself: it stays, whatever is chosen."""

    kind: Literal["asr", "tts"]
    engine: str
    place: str
    """The file and line where it is named: `conf.yaml:42`."""


class Languages(Outgoing):
    """Which languages can be chosen for the character. Extension `settings`."""

    type: Literal["languages"] = "languages"
    language: str
    """The one that is chosen, by its code; empty where none is."""
    languages: list[LanguageChoice]
    stays: list[NamedEngine]
    file: str
    """Where the choice is written."""
    request_id: str | None = sparse()


class SettingsChanged(Outgoing):
    """What was chosen is written down, and holds. Extension `settings`."""

    type: Literal["settings-changed"] = "settings-changed"
    file: str
    """Where it is written; as it was before, it lies beside that, with `.bak` at its end."""
    request_id: str | None = sparse()
