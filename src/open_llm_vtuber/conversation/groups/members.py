"""What a group asks of each client in it."""

from __future__ import annotations

from typing import Protocol

from ..context import ServiceContext
from ..turn_queue import Turns
from .audience import Listener
from .presence import Presence


class Member(Listener, Protocol):
    """A connected client, as its group sees it."""

    @property
    def context(self) -> ServiceContext:
        """Its character."""

    @property
    def turns(self) -> Turns:
        """Its turns."""

    @property
    def presence(self) -> Presence:
        """What others in a group see of its person."""

    @property
    def held_bytes(self) -> int:
        """How much memory is taken by what it said and showed, until it is answered."""

    def discard(self, turn: str) -> None:
        """Take back what waits to be sent to it of a turn."""

    def renew(self) -> None:
        """Have its character as its files say now, once nothing is being said."""

    def cut_off(self) -> None:
        """End the turn that is running, and keep nothing of it: its conversation is deleted."""

    def retell(self, *, shows: bool) -> None:
        """Have known what is stored now, once nothing is said; `shows`: by the client, too."""
