"""What can be done with messages that were said, and what is told of that. Extensions.

All but `reply-text` is of the extension `message-actions`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .incoming_parts import Identified, Images
from .parts import OfTurn, Outgoing, sparse

MessageId = Annotated[str, Field(pattern=r"^(#\d{1,18}|[0-9a-f]{16})$")]
"""As `turn-messages` and `history-data` tell it."""

Rewriting = Literal["say-again", "answer-anew", "send-again", "go-on"]
"""What begins a turn."""


class AboutMessage(Identified):
    """Asks for something to be done with a message of the conversation that is open."""

    message_id: MessageId


class SayAgain(AboutMessage):
    """Has an answer spoken once more. Extension `message-actions`."""

    type: Literal["say-again"] = "say-again"


class AnswerAnew(AboutMessage):
    """Has the person's message answered anew. Extension `message-actions`."""

    type: Literal["answer-anew"] = "answer-anew"
    message_id: MessageId
    """Of the message that is to be answered, or of its answer."""
    images: Images = Field(default_factory=list)
    """What was shown with the message: pictures are not stored."""


class SendAgain(AboutMessage):
    """Has the person have said something else, and answers that. Extension `message-actions`."""

    type: Literal["send-again"] = "send-again"
    text: str
    images: Images = Field(default_factory=list)


class GoOn(AboutMessage):
    """Has the last answer, which was cut off, gone on with. Extension `message-actions`."""

    type: Literal["go-on"] = "go-on"


class ChooseVersion(AboutMessage):
    """Has another version of a message be what was said. Extension `message-actions`."""

    type: Literal["choose-version"] = "choose-version"


class DeleteMessage(AboutMessage):
    """Deletes a message. Extension `message-actions`."""

    type: Literal["delete-message"] = "delete-message"


class RestoreMessage(AboutMessage):
    """Puts back what was deleted last on this connection. Extension `message-actions`."""

    type: Literal["restore-message"] = "restore-message"


class TurnMessages(Outgoing):
    """What the messages of a turn are called. Extension `message-actions`.

    It comes before anything of the answer.
    """

    type: Literal["turn-messages"] = "turn-messages"
    turn: str
    heard: str | None = sparse()
    """The id of what the person said, where that is new."""
    answer: str | None = sparse()
    """The id that the answer has, if any comes of it; absent where it will not be stored."""
    provisional: bool | None = sparse()
    """True where the answer is only stored when the person has said something next."""
    action: Rewriting | None = sparse()
    """What was asked for, where it is no ordinary turn."""
    of: str | None = sparse()
    """The id of the message with which it is done."""
    versions: list[str] | None = sparse()
    """Of what is new here, as in `history-data`, if anything of it comes to be."""
    request_id: str | None = sparse()
    """Of the `text-input` or the action."""


class ReplyText(OfTurn):
    """A line of the answer, as it is written: its voice is still to come. Extension `reply-text`.

    A line that is empty takes back what was written from there on.
    """

    type: Literal["reply-text"] = "reply-text"
    line: int
    """Its number in the answer, from 0. Each is the `display_text` of one `audio`."""
    text: str
