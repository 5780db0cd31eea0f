"""What all messages of the server stand on."""

from __future__ import annotations

from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """What messages are made of."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class Outgoing(Part):
    """Any message of the server."""

    def frame(self) -> str:
        """Return the message as a text frame."""
        return orjson.dumps(self.model_dump()).decode()


def _absent(value: object) -> bool:
    return value is None


def sparse() -> Any:
    """Return the default of a field that is absent, not null, where it is unknown."""
    return Field(default=None, exclude_if=_absent)


class OfTurn(Outgoing):
    """A message that may belong to a turn."""

    turn: str | None = sparse()
    """The turn that it belongs to, if it belongs to one. Extension `turn-ids`."""


def naming(frame: str, turn: str) -> str:
    """Return the frame of a message `OfTurn` as it is sent to a client that asked for turns."""
    return f'{frame[:-1]},"turn":"{turn}"}}'
