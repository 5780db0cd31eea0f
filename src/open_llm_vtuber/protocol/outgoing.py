"""What the server sends on /client-ws."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import orjson
from pydantic import AfterValidator, Field

from ..audio import SLICE_MS
from ..faults import ErrorCode, Fault, FaultError, Param
from ..masking import masked
from .parts import OfTurn, Part, sparse
from .parts import Outgoing as Outgoing


class FullText(OfTurn):
    """A line for the subtitle: greetings, progress, and `Thinking...` when a turn begins."""

    type: Literal["full-text"] = "full-text"
    text: str


class SetModelAndConf(Outgoing):
    """Who the character is and how it is drawn."""

    type: Literal["set-model-and-conf"] = "set-model-and-conf"
    model_info: dict[str, Any]
    """The character's entry of model_dict.json, as it stands there."""
    conf_name: str
    conf_uid: str
    client_uid: str | None = sparse()
    """Absent after a change of character."""
    file: str | None = sparse()
    """Of the character, for who began with `hello`."""
    language: str | None = sparse()
    """What the character speaks, such as `en`, for who began with `hello`; absent where that is not
    known."""


class Control(OfTurn):
    """Steers the client. `interrupt` and `mic-audio-end` are what the server's VAD heard."""

    type: Literal["control"] = "control"
    text: Literal[
        "start-mic",
        "stop-mic",
        "conversation-chain-start",
        "conversation-chain-end",
        "interrupt",
        "mic-audio-end",
    ]


class DisplayText(Part):
    """A sentence as it is shown, with the name and the picture of who says it."""

    text: str
    name: str
    avatar: str


class Actions(Part):
    """What the avatar does with a sentence."""

    expressions: list[int | str] = Field(exclude_if=lambda listed: not listed)
    """Indices or names, in the order of the sentence; absent where there are none."""


class SpokenWord(Part):
    """When a word of a sentence is spoken."""

    text: str
    start_s: float
    """From the beginning of the sentence's sound."""
    end_s: float


class Audio(OfTurn):
    """One sentence: its sound, or null for a silent one, and what is shown with it."""

    type: Literal["audio"] = "audio"
    audio: str | None
    """A complete WAV file in base64."""
    volumes: list[float]
    """Loudness of each 20 ms slice, 0 to 1."""
    slice_length: int = SLICE_MS
    display_text: DisplayText
    actions: Actions | None
    segment: int | None = sparse()
    """The number under which its sound follows in binary frames. Extension `speech-chunks`."""
    words: list[SpokenWord] | None = sparse()
    """When its words are spoken, if the voice knows. Extension `word-times`."""
    expression_strength: float | None = sparse()
    """How strongly the first of its expressions is felt, above 0 to 1. Extension
    `expression-strength`."""
    forwarded: bool = False

    def frame(self) -> str:
        """Return the message as a text frame; without expressions `actions` is `{}`."""
        actions = self.actions
        acts: dict[str, Any] | None = None
        if actions is not None:
            acts = {"expressions": actions.expressions} if actions.expressions else {}
        # By hand: validating and copying hundreds of kilobytes of sound twice is what a turn's
        # first sound would wait for.
        return orjson.dumps(
            {
                "type": self.type,
                "audio": self.audio,
                "volumes": self.volumes,
                "slice_length": self.slice_length,
                "display_text": self.display_text.__dict__,
                "actions": acts,
                **({} if self.segment is None else {"segment": self.segment}),
                **({"words": [word.__dict__ for word in self.words]} if self.words else {}),
                **(
                    {}
                    if self.expression_strength is None
                    else {"expression_strength": self.expression_strength}
                ),
                "forwarded": self.forwarded,
            }
        ).decode()


def forwarded(frame: str) -> str:
    """Return the frame of an `audio` as the others of a group hear it."""
    head, mark, _ = frame.rpartition('"forwarded":')
    return f"{head}{mark}true}}"


class ToolCallStatus(OfTurn):
    """How a call of a tool is getting on: `running`, then `completed` or `error`."""

    type: Literal["tool_call_status"] = "tool_call_status"
    tool_id: str
    """The same for all that is told of one call."""
    tool_name: str
    status: Literal["running", "completed", "error"]
    content: str
    """`Input: {...}`, then the result or `Error: ...`."""
    timestamp: str
    """ISO 8601 in UTC."""
    name: str
    """The character's."""
    browser_view: dict[str, Any] | None = sparse()
    """Where the browser of the tool can be watched; absent for most."""


class BackendSynthComplete(OfTurn):
    """All sound of the turn has been sent; `frontend-playback-complete` is awaited."""

    type: Literal["backend-synth-complete"] = "backend-synth-complete"


class ForceNewMessage(OfTurn):
    """The next sentence begins a new bubble."""

    type: Literal["force-new-message"] = "force-new-message"


class UserInputTranscription(OfTurn):
    """What the person was heard to say."""

    type: Literal["user-input-transcription"] = "user-input-transcription"
    text: str
    name: str | None = sparse()
    """Who said it, if another member of the group did. Extension `groups`."""


class BackgroundFiles(Outgoing):
    """The names of the background pictures, below /bg/."""

    type: Literal["background-files"] = "background-files"
    files: list[str]


class LackingPackage(Part):
    """An engine that cannot work until a package is installed on the server's computer."""

    kind: str
    """Of engine, such as `tts`."""
    engine: str
    package: str
    install: str
    """The command that installs it; empty where none is known."""


class ConfigFile(Part):
    """A character that can be switched to."""

    filename: str
    name: str
    """Its conf_name; the filename where that cannot be read."""
    avatar: str | None = sparse()
    """Its picture below /avatars/; absent where it has none. An extension."""
    error: str | None = sparse()
    """Why it cannot be used; absent for one that can. An extension."""
    lacks: list[LackingPackage] | None = sparse()
    """What its engines need that is not installed; absent where nothing is. An extension."""


class ConfigFiles(Outgoing):
    """The characters; conf.yaml first."""

    type: Literal["config-files"] = "config-files"
    configs: list[ConfigFile]


class ConfigSwitched(Outgoing):
    """The character has changed."""

    type: Literal["config-switched"] = "config-switched"
    message: str
    request_id: str | None = sparse()
    """Of the request, where it had one. An extension."""


class HistoryMessage(Part):
    """One stored message of a conversation."""

    role: Literal["human", "ai", "system"]
    timestamp: str
    content: str
    name: str | None = sparse()
    avatar: str | None = sparse()
    other: bool | None = sparse()
    """True where another person in the group said it. Extension `groups`."""
    id: str | None = sparse()
    """Names it in this conversation. Extension `message-actions`."""
    versions: list[str] | None = sparse()
    """The ids of all its versions, its own among them, the oldest first; absent where there is no
    other. Extension `message-actions`."""
    pictures: list[str] | None = sparse()
    """Where the pictures are that were shown with it, from the server's root. Extension
    `stored-pictures`."""


class HistorySummary(Part):
    """A stored conversation in the list."""

    uid: str
    latest_message: HistoryMessage
    timestamp: str


class HistoryList(Outgoing):
    """The stored conversations, newest first, none of them empty."""

    type: Literal["history-list"] = "history-list"
    histories: list[HistorySummary]


class HistoryData(Outgoing):
    """A stored conversation, as it is shown."""

    type: Literal["history-data"] = "history-data"
    messages: list[HistoryMessage]
    request_id: str | None = sparse()
    """Of the request, where it had one. An extension."""
    history_uid: str | None = sparse()
    """Of the conversation, for who began with `hello`."""


class HistoryDeleted(Outgoing):
    """Whether a stored conversation was deleted."""

    type: Literal["history-deleted"] = "history-deleted"
    success: bool
    history_uid: str


class HistorySearch(Outgoing):
    """The stored conversations that hold the words that were searched. An extension."""

    type: Literal["history-search"] = "history-search"
    query: str
    histories: list[HistorySummary]


class NewHistoryCreated(Outgoing):
    """A new conversation has begun."""

    type: Literal["new-history-created"] = "new-history-created"
    history_uid: str


class GroupMember(Part):
    """Who a member is."""

    uid: str
    human_name: str
    """The person's; numbered where several are called so."""
    character_name: str


class GroupUpdate(Outgoing):
    """Who is in the client's group."""

    type: Literal["group-update"] = "group-update"
    members: list[str] = Field(default_factory=list)
    is_owner: bool = False
    people: list[GroupMember] | None = sparse()
    """The members with their names. Extension `groups`."""


class GroupOperationResult(Outgoing):
    """What became of a change to the group."""

    type: Literal["group-operation-result"] = "group-operation-result"
    success: bool
    message: str
    code: ErrorCode | None = sparse()
    """Why it was refused, for programs. Extension `error-codes`."""


class Interrupted(OfTurn):
    """Somebody in the group broke in: stop playing."""

    type: Literal["interrupt-signal"] = "interrupt-signal"
    text: str = "conversation-interrupted"


class Error(OfTurn):
    """Something failed; `message` says what and how to mend it."""

    type: Literal["error"] = "error"
    message: Annotated[str, AfterValidator(masked)]
    request_id: str | None = sparse()
    """Of the request that failed, where it had one. An extension."""
    code: ErrorCode | None = sparse()
    """What it is, for programs. Extension `error-codes`."""
    about: str | None = sparse()
    """The kind of an engine, the type of a message or a key of conf.yaml, where it concerns one.
    Extension `error-codes`."""
    params: dict[str, Param] | None = sparse()
    """What belongs into its words, where there is something. Extension `error-codes`."""

    @classmethod
    def of(cls, error: FaultError, about: str = "", request_id: str | None = None) -> Error:
        """Return what a person is told of `error`; it is `about` this, unless it says otherwise."""
        return cls.told(str(error), error.fault, about, request_id)

    @classmethod
    def told(cls, text: str, fault: Fault, about: str = "", request_id: str | None = None) -> Error:
        """Return the message of a fault in the words of `text`."""
        params = {
            name: masked(value) if isinstance(value, str) else value
            for name, value in fault.params.items()
        }
        return cls(
            message=text,
            request_id=request_id,
            code=fault.code,
            about=fault.about or about or None,
            params=params or None,
        )

    def uncoded(self) -> Error:
        """Return it as documented."""
        return self.model_copy(update={"code": None, "about": None, "params": None})


class HeartbeatAck(Outgoing):
    """The server is there."""

    type: Literal["heartbeat-ack"] = "heartbeat-ack"
