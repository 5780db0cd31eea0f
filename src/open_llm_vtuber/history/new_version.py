"""A message that is another version of what follows one."""

from __future__ import annotations

from dataclasses import dataclass

from ..protocol.outgoing import HistoryMessage


@dataclass(frozen=True)
class Place:
    """Where a new version stands: `after` a message, or `beside` one, by their names."""

    after: str | None = None
    beside: str | None = None
    drops: str = ""
    """The name of a version that is contained in this one, and goes."""


class NewVersion(HistoryMessage):
    """What followed before is set aside with all that follows that, and nothing of it is lost."""

    place: Place


def at(message: HistoryMessage, place: Place | None) -> HistoryMessage:
    """Return a message as it stands: behind the last one, or at a place."""
    return NewVersion(**dict(message), place=place) if place else message
