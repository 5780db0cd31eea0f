"""Whether somebody is being answered, by what the server says of it; no I/O."""

from __future__ import annotations

from typing import Literal

import orjson

from ..protocol.frames import kind_of

_STOPS = {
    "new-history-created",
    "history-data",
    "history-deleted",
    "config-switched",
    "interrupt-signal",
}
"""Messages that stop a running turn, whose end is then not told."""


class SharedTurn:
    """Follows the turns of a connection into which many clients speak.

    A text that was sent is asked for. It is answered when the server says that a turn begins, and
    never will be when the server says `error` instead.
    """

    def __init__(self) -> None:
        self.state: Literal["free", "asked", "running"] = "free"
        self._texts = self._interrupts = 0
        """How many of those that were sent the server has not come to yet."""

    def ask(self) -> None:
        """A text was sent. `asked` is to be called when the server comes to it."""
        self.state = "asked"
        self._texts += 1

    def asked(self) -> None:
        """What the server says from now on may be about the text."""
        self._texts = max(0, self._texts - 1)

    def interrupt(self) -> None:
        """An interrupt was sent. `interrupted` is to be called when the server has done it."""
        self.state = "free"
        self._interrupts += 1

    def interrupted(self) -> None:
        """What the server says from now on is not about the turn that was interrupted."""
        self._interrupts = max(0, self._interrupts - 1)

    def lost(self) -> None:
        """Nothing more will be heard of the turn."""
        self.state = "free"
        self._texts = self._interrupts = 0

    def hear(self, frame: str) -> bool:
        """Take notice of what the server says; return whether a turn begins with it."""
        kind = kind_of(frame)
        if kind in _STOPS or (kind == "error" and self.state == "asked" and not self._texts):
            self.state = "free"
        elif kind == "control":
            said = orjson.loads(frame).get("text")
            if said in ("conversation-chain-end", "interrupt"):
                self.state = "free"
            elif said == "conversation-chain-start" and not self._interrupts:
                self.state = "running"
                return True
        return False
