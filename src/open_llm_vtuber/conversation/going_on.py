"""What a session is, as far as another process needs to know to go on with it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from ..protocol.extensions import Extension
from ..protocol.incoming import MicStreamStart


class Rights(BaseModel):
    """As whom a client came in: with less nobody goes on with its session."""

    model_config = ConfigDict(frozen=True)
    configures: bool
    origin: str | None
    device: str = ""
    """Which device, where it has a token of its own."""


class GoingOn(BaseModel):
    """A session, without what is being said."""

    uid: str
    file: str
    """Of the character."""
    history_uid: str | None
    """The conversation that is open."""
    extensions: list[Extension]
    said_hello: bool
    name: str = ""
    """What the person is called in groups."""
    person: str = ""
    """Whose memory it is."""
    stream: MicStreamStart | None = None
    """How the hands-free stream is listened to, while it is open."""


class Counted(BaseModel):
    """How many messages have come and gone, where a client counts them."""

    digest: str
    """Of the token by which it is known again."""
    received: int
    """The number of the client's last message that came."""
    sent: int
    """The number of the last frame that it was sent."""
