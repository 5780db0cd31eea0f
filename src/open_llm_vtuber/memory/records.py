"""What memory holds: whose it is, facts, and messages that may be meant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

FactKind = Literal["name", "life", "taste", "date", "promise", "told"]


@dataclass(frozen=True)
class DrawnFact:
    """What one message tells of its person."""

    text: str
    kind: FactKind
    slot: str
    day: date | None = None


@dataclass(frozen=True, kw_only=True)
class Fact(DrawnFact):
    """A fact as it is stored."""

    id: int
    message_id: int
    history_uid: str
    said_at: str
    pinned: bool
    edited: bool


@dataclass(frozen=True)
class Recalled:
    """A stored message that may be meant."""

    message_id: int
    history_uid: str
    role: Literal["human", "ai"]
    name: str | None
    text: str
    said_at: str
    score: float
