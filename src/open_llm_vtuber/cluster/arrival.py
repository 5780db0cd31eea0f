"""What one process tells another of a client that it hands on, before that one's frames."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from ..conversation.going_on import Counted, GoingOn, Rights

PATH = "/cluster-ws"
"""Where a process takes them."""
READY = "ready"
"""Is answered once a session that was handed over goes on, before its frames."""


class Moved(BaseModel):
    """A session that is handed over."""

    going: GoingOn
    counted: Counted | None
    """Where its client can come back."""


class Arrival(BaseModel):
    """The first frame between two processes."""

    kind: Literal["client", "guest", "session"]
    """One who comes back, one of /proxy-ws, or one whose session is handed over."""
    rights: Rights
    session: Moved | None = None


class Known(BaseModel):
    """What all processes know of a session."""

    process: str
    url: str
    rights: Rights
    going: GoingOn
    received: int
    """The number of the client's last message that is in what is stored."""
