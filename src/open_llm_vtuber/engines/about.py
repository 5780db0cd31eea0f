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
    for_real: bool
    """Whether the tests ask the engine itself, not a stand-in that speaks its documented API."""
