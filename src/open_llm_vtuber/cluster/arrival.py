"""What one process tells another of a client that it hands on, before that one's frames."""

from __future__ import annotations

from pydantic import BaseModel

from ..conversation.going_on import GoingOn, Rights

PATH = "/cluster-ws"
"""Where a process takes them."""
READY = "ready"
"""Is answered once a session goes on, before its frames."""


class Arrival(BaseModel):
    """The first frame between two processes."""

    rights: Rights


class Known(BaseModel):
    """What all processes know of a session."""

    process: str
    url: str
    rights: Rights
    going: GoingOn
    received: int
    """The number of the client's last message that is in what is stored."""
