"""Server-sent events, as an answer that is a stream of them is written."""

from __future__ import annotations

from pydantic import BaseModel

DONE = b"data: [DONE]\n\n"
"""What a stream of chunks of chat ends with."""


def event(body: BaseModel, *, sparse: bool = True) -> bytes:
    """Return an event as bytes; `sparse` leaves out what was not set."""
    data = body.model_dump_json(exclude_unset=sparse)
    return b"data: " + data.encode() + b"\n\n"
