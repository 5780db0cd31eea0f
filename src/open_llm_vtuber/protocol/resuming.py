"""A client whose connection was lost goes on with its session: the messages of `resume`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .incoming_parts import Incoming
from .parts import Outgoing

MOST_TOKEN_CHARS = 64

Number = Annotated[int, Field(ge=0, le=2**53)]
"""Of a message, in the order in which they were sent; the first is 1."""


class Resume(Incoming):
    """The first message of a client that comes back with `?resume=1`. Extension `resume`."""

    type: Literal["resume"] = "resume"
    token: Annotated[str, Field(min_length=1, max_length=MOST_TOKEN_CHARS)]
    """As `resume-token` told it."""
    received: Number
    """Of the server's last message that came."""


class Received(Incoming):
    """Says which messages have come; after the first one the client's count. Extension `resume`."""

    type: Literal["received"] = "received"
    number: Number
    """Of the last one."""


class ResumeToken(Outgoing):
    """By what the session can be gone on with; from here on messages count. Extension `resume`."""

    type: Literal["resume-token"] = "resume-token"
    token: str
    """A secret of this session."""
    grace_s: float
    """How long the server waits for a client that it has lost."""


class Resumed(Outgoing):
    """The session goes on; what was not received follows. Extension `resume`."""

    type: Literal["resumed"] = "resumed"
    received: int
    """Of the client's last message that came: those after it are to be sent again."""
    sent: int
    """The message after this one has the next number."""
    missed: bool
    """Whether messages are gone that the client has not received."""


class ResumeRefused(Outgoing):
    """There is no session to go on with: `hello` begins another one. Extension `resume`."""

    type: Literal["resume-refused"] = "resume-refused"


class ReceivedByServer(Outgoing):
    """Which messages of the client have come. Extension `resume`."""

    type: Literal["received"] = "received"
    number: int
    """Of the last one."""
