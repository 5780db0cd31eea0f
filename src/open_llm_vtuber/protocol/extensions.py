"""The extensions of the protocol that a client must ask for before any of them is sent."""

from __future__ import annotations

from typing import Literal, get_args

Extension = Literal["partial-transcripts", "turn-metrics", "loading-progress", "tool-status"]

KNOWN: tuple[Extension, ...] = get_args(Extension)
"""In the order in which they are documented."""


class Extensions:
    """What one connection has asked for. Whoever asks for nothing is sent nothing of it."""

    def __init__(self) -> None:
        self._enabled: set[Extension] = set()

    def __contains__(self, extension: Extension) -> bool:
        return extension in self._enabled

    def enable(self, names: list[str]) -> list[Extension]:
        """Add those that this version knows, and return them."""
        known = [extension for extension in KNOWN if extension in names]
        self._enabled.update(known)
        return known
