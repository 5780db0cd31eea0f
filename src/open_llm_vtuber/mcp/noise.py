"""What a server writes to its standard output that is no message: told once, at last too much."""

from __future__ import annotations

from collections.abc import Callable

from loguru import logger

MAX_BEFORE = 100
"""Lines one after another of a server that has not answered yet: it is none."""
MAX_AFTER = 10_000
"""Of one that has: it floods, and whoever reads it has no time for others."""


class Noise:
    """Of one server, whichever of its processes makes it: one line in the log."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._is_told = False

    def heard(self) -> None:
        """Tell of it, once."""
        if not self._is_told:
            self._is_told = True
            logger.warning(
                "The MCP server {!r} writes text to its standard output, which is for messages "
                "alone; it is ignored.",
                self._name,
            )


class Flood:
    """Counts what one process writes between its messages."""

    def __init__(self, noise: Noise, give_up: Callable[[], None]) -> None:
        self._noise = noise
        self._give_up = give_up
        self._lines = 0
        self._most = MAX_BEFORE
        self.is_too_much = False

    def message(self) -> None:
        """A message came."""
        self._lines = 0

    def ready(self) -> None:
        """The server is one: it may write more."""
        self._most = MAX_AFTER

    def unreadable(self) -> None:
        """A line came that is no message."""
        self._lines += 1
        self._noise.heard()
        if self._lines > self._most and not self.is_too_much:
            self.is_too_much = True
            self._give_up()
