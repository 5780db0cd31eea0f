"""What somebody wants to know of an engine before choosing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class About:
    """One line of the table of engines."""

    where: Literal["here", "server", "service"]
    """Where it works: on this computer, on a server that you run, or at a service, to which goes
    what is said."""
    languages: str
    licence: str
    """Of its code and weights; of a service, whose terms hold."""
    tested: Literal["for real", "with a stand-in", "never"]
    """What the tests ask: the engine itself, a server that speaks its documented API, or neither,
    because nobody here has its weights or package."""
