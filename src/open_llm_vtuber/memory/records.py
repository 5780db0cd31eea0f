"""What is remembered, as it is handed about: whose, facts, and messages that may be meant."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..protocol.memory import FactKind


@dataclass(frozen=True)
class Owner:
    """Whose memory it is: a character's, of one person."""

    conf_uid: str
    person: str = ""
    """The name a person gave on the page; "" is who has given none."""


@dataclass(frozen=True)
class DrawnFact:
    """What is found in one message."""

    text: str
    """The person's own sentence as said, without the rest of the message."""
    kind: FactKind
    slot: str
    """What it answers, `name`, `home`, `sister/wedding`, `taste/coffee`: a newer fact of one slot
    supersedes the older. "" where nothing replaces it."""
    day: date | None = None
    """The day it speaks of, resolved from when it was said."""


@dataclass(frozen=True, kw_only=True)
class Fact(DrawnFact):
    """A fact as it is stored."""

    id: int
    message_id: int
    """The message that it comes from."""
    history_uid: str
    said_at: str
    """Local time as ISO 8601, as that message has it."""
    pinned: bool = False
    edited: bool = False
    """Whether it was corrected by hand."""


@dataclass(frozen=True)
class Recalled:
    """A stored message that may be meant."""

    message_id: int
    history_uid: str
    role: Literal["human", "ai"]
    name: str | None
    """On one line: of the character, or of another person in a group, and None for the person."""
    text: str
    said_at: str
    """Local time as ISO 8601."""
    score: float
    """The higher, the better; what it measures is told where it is given."""


@dataclass(frozen=True)
class Forgotten:
    """What was forgotten for good, and what is left of it."""

    uids: Collection[str]
    """The conversations it was in."""
    sentences: Collection[str]
    mentions: Sequence[Recalled]
    """Messages that mention it, the likeliest first."""


@dataclass(frozen=True)
class QuestionVector:
    """What a question means."""

    space: str
    """The model that made it: it says nothing beside vectors of another one."""
    numbers: NDArray[np.float32]
    """(dimensions,)"""


@dataclass(frozen=True)
class Candidates:
    """The messages that may be meant by a question, in two orders that know nothing of each other.

    A message may be in both.
    """

    by_words: Sequence[Recalled] = ()
    """Best first; the score is BM25 over the words of all messages, above 0 without a bound."""
    by_vectors: Sequence[Recalled] = ()
    """Best first; the score is the cosine, -1 to 1. None where there is no embedding."""
    vector_mean: float = 0.0
    """The cosine of the question with any message of this memory, on average over a sample."""
    vector_deviation: float = 0.0
    """The standard deviation of that; 0 where nothing is embedded."""
    superseded: Mapping[int, int] = field(default_factory=dict)
    """The message of an older fact -> the message of the fact that took its place; itself where
    that was forgotten."""
    facts: Sequence[Fact] = ()
    """All facts that hold, whatever is asked: pinned ones first, then the newest."""


@dataclass(frozen=True)
class Summary:
    """What a conversation began with, summed up, as its model is told."""

    text: str
    said: int
    """How many of its first messages that are; what nobody said is not counted."""
