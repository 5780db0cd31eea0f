"""What a client may send on /client-ws, and the parser that turns a frame into one of these."""

from __future__ import annotations

import functools
from typing import Annotated, Any, Literal, Union

from pydantic import Field, StrictBool, TypeAdapter, ValidationError

from ..faults import fault
from .conversations import (
    DeleteConversation,
    FetchConversations,
    PinConversation,
    RenameConversation,
)
from .frames import ProtocolError as ProtocolError
from .frames import read_frame
from .incoming_parts import (
    MOST_ID_CHARS,
    AboutTurn,
    Identified,
    Images,
    Incoming,
    Name,
    Samples,
)
from .incoming_settings import (
    ChooseLanguage,
    ChooseLanguageModel,
    ChooseRemembering,
    FetchLanguageModels,
    FetchLanguages,
    FetchToolPermissions,
    TakeBackToolPermission,
    ToolPermissionAnswer,
    ToolQuestionPlayed,
)
from .memory import (
    CorrectFact,
    FetchMemory,
    ForgetEverything,
    ForgetFact,
    ForgetMessage,
    ImportMemory,
    KeepConversation,
    PinFact,
    SetPerson,
)
from .message_actions import (
    AnswerAnew,
    ChooseVersion,
    DeleteMessage,
    GoOn,
    RestoreMessage,
    SayAgain,
    SendAgain,
)
from .outgoing import DisplayText
from .presence import AnswerGroupInvitation, SetGroupName, TellActivity
from .resuming import Received as Received
from .resuming import Resume as Resume


class Hello(Identified):
    """The first message of a client that connected with `?hello=1`; see there. An extension."""

    type: Literal["hello"] = "hello"
    extensions: list[str] = Field(default_factory=list, max_length=64)
    """As in `enable-extensions`."""
    file: Name | None = None
    """The character, as in `switch-config`; null for that of conf.yaml."""
    history_uid: Name | None = None
    """The conversation that goes on; null for a new one."""


class FetchBackgrounds(Incoming):
    """Asks for the names of the background pictures."""

    type: Literal["fetch-backgrounds"] = "fetch-backgrounds"


class FetchConfigs(Incoming):
    """Asks for the characters that can be switched to."""

    type: Literal["fetch-configs"] = "fetch-configs"


class FetchHistoryList(Incoming):
    """Asks for the stored conversations."""

    type: Literal["fetch-history-list"] = "fetch-history-list"


class CreateNewHistory(Incoming):
    """Begins a new conversation with an empty memory."""

    type: Literal["create-new-history"] = "create-new-history"


class FetchAndSetHistory(Identified):
    """Asks for a stored conversation and goes on with it."""

    type: Literal["fetch-and-set-history"] = "fetch-and-set-history"
    history_uid: Name


class DeleteHistory(Incoming):
    """Deletes a stored conversation."""

    type: Literal["delete-history"] = "delete-history"
    history_uid: Name


class SearchHistory(Incoming):
    """Asks for the stored conversations that hold some words. An extension."""

    type: Literal["search-history"] = "search-history"
    query: str = Field(min_length=1, max_length=200)


class SwitchConfig(Identified):
    """Changes the character; `file` is a `filename` of `config-files`."""

    type: Literal["switch-config"] = "switch-config"
    file: Name


class AISpeakSignal(Incoming):
    """Asks the character to say something of its own accord."""

    type: Literal["ai-speak-signal"] = "ai-speak-signal"
    idle_time: float | None = None
    """Seconds since the last turn; -1 when a button was pressed."""
    images: Images = Field(default_factory=list)


class AddClientToGroup(Incoming):
    """Invites another client into the sender's group."""

    type: Literal["add-client-to-group"] = "add-client-to-group"
    invitee_uid: Name


class RemoveClientFromGroup(Incoming):
    """Removes a client from the group; with one's own uid, leaves it."""

    type: Literal["remove-client-from-group"] = "remove-client-from-group"
    target_uid: Name


class RequestInitConfig(Incoming):
    """Asks for `set-model-and-conf` once more."""

    type: Literal["request-init-config"] = "request-init-config"


class RequestGroupInfo(Incoming):
    """Asks for `group-update`."""

    type: Literal["request-group-info"] = "request-group-info"


class Heartbeat(Incoming):
    """Asks whether the server is there."""

    type: Literal["heartbeat"] = "heartbeat"


class TextInput(Identified):
    """What the person typed; starts a turn."""

    type: Literal["text-input"] = "text-input"
    text: str
    images: Images = Field(default_factory=list)
    viewer: StrictBool = False
    """Whether somebody in the audience of a stream said it: then it is answered without tools, and
    is no part of the stored conversation. An extension."""


class MicAudioData(Incoming):
    """A part of an utterance that the client cut out itself; `mic-audio-end` completes it."""

    type: Literal["mic-audio-data"] = "mic-audio-data"
    audio: Samples


class MicAudioEnd(Incoming):
    """The utterance is complete; starts a turn with it."""

    type: Literal["mic-audio-end"] = "mic-audio-end"
    images: Images = Field(default_factory=list)


class RawAudioData(Incoming):
    """The next part of a running microphone; the server finds where speech begins and ends."""

    type: Literal["raw-audio-data"] = "raw-audio-data"
    audio: Samples


class InterruptSignal(AboutTurn):
    """The person broke in. `text` is what they had heard of the reply."""

    type: Literal["interrupt-signal"] = "interrupt-signal"
    text: str = ""


class FrontendPlaybackComplete(AboutTurn):
    """Everything that was sent has been played."""

    type: Literal["frontend-playback-complete"] = "frontend-playback-complete"


class AudioPlayStart(Incoming):
    """A sentence began to play: the other members of the group are shown it."""

    type: Literal["audio-play-start"] = "audio-play-start"
    display_text: DisplayText | None = None


class EnableExtensions(Incoming):
    """Asks for messages that the documented protocol does not have. Unknown names are ignored.

    The known ones are those of `Extension`.
    """

    type: Literal["enable-extensions"] = "enable-extensions"
    extensions: list[str] = Field(max_length=64)


class MicStreamStart(Incoming):
    """Opens our hands-free stream: binary frames of 16-bit PCM, 16 kHz, mono, little-endian.

    The server then starts turns by itself and stops speaking when it is spoken to. Sent again
    while the stream is open, it changes how the server listens. An extension that older clients
    never send.
    """

    type: Literal["mic-stream-start"] = "mic-stream-start"
    sensitivity: float | None = Field(None, ge=0, le=1)
    """How readily speech is noticed; 0.5 and null are what the configuration says."""
    pause_ms: int | None = Field(None, ge=100, le=5000)
    """How patiently a pause is waited for: how long a silence ends an utterance where nothing is
    known of it; null is what the configuration says."""
    with_images: bool = False
    """Whether the server asks for pictures by `control` `mic-audio-end` when an utterance ends, and
    answers it only when the client's `mic-audio-end` has brought them."""
    held: bool = False
    """Whether a key is held meanwhile: then no pause ends the utterance, but `mic-stream-stop`."""


class MicStreamStop(Incoming):
    """Closes the hands-free stream; speech that is under way is taken as complete."""

    type: Literal["mic-stream-stop"] = "mic-stream-stop"


AnyIncoming = Union[  # noqa: UP007 - a list this long reads better so
    FetchBackgrounds,
    FetchConfigs,
    FetchHistoryList,
    CreateNewHistory,
    FetchAndSetHistory,
    DeleteHistory,
    SearchHistory,
    SwitchConfig,
    AISpeakSignal,
    AddClientToGroup,
    RemoveClientFromGroup,
    RequestInitConfig,
    RequestGroupInfo,
    Heartbeat,
    TextInput,
    MicAudioData,
    MicAudioEnd,
    RawAudioData,
    InterruptSignal,
    FrontendPlaybackComplete,
    AudioPlayStart,
    EnableExtensions,
    MicStreamStart,
    MicStreamStop,
    Hello,
    ToolPermissionAnswer,
    ToolQuestionPlayed,
    FetchToolPermissions,
    TakeBackToolPermission,
    FetchLanguageModels,
    ChooseLanguageModel,
    FetchLanguages,
    ChooseLanguage,
    ChooseRemembering,
    SetPerson,
    FetchMemory,
    PinFact,
    CorrectFact,
    ForgetFact,
    ForgetMessage,
    ForgetEverything,
    KeepConversation,
    ImportMemory,
    FetchConversations,
    RenameConversation,
    PinConversation,
    DeleteConversation,
    SetGroupName,
    TellActivity,
    AnswerGroupInvitation,
    SayAgain,
    AnswerAnew,
    SendAgain,
    GoOn,
    ChooseVersion,
    DeleteMessage,
    RestoreMessage,
    Resume,
    Received,
]


@functools.cache
def _adapter() -> TypeAdapter[AnyIncoming]:
    return TypeAdapter(Annotated[AnyIncoming, Field(discriminator="type")])


def parse(frame: str) -> AnyIncoming:
    """Return the message in a text frame. Raises ProtocolError."""
    return checked(read_frame(frame))


def checked(data: Any) -> AnyIncoming:
    """Return the message that the JSON of a frame is. Raises ProtocolError."""
    if not isinstance(data, dict) or not isinstance(data.get("type"), str):
        raise ProtocolError('A message must be a JSON object with a "type", such as "text-input".')
    try:
        return _adapter().validate_python(data)
    except ValidationError as error:
        explained = _explain(data["type"], error)
        request_id = data.get("request_id")
        if isinstance(request_id, str) and len(request_id) <= MOST_ID_CHARS:
            explained.request_id = request_id
        raise explained from None


def _explain(kind: str, error: ValidationError) -> ProtocolError:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    if first["type"] == "union_tag_invalid":
        text = f"This server knows no message of type {kind[:40]!r}."
        return ProtocolError(text, fault("message-unknown", kind[:40]))
    where = ".".join(str(part) for part in first["loc"][1:])
    what = first["msg"]
    text = f"In the message {kind!r}, {where!r} is wrong: {what[0].lower()}{what[1:]}."
    return ProtocolError(text, fault("message-malformed", kind, field=where))
