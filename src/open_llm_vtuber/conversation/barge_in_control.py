"""A turn that a voice is over: it is lowered, goes on, or is stopped, by the client and here."""

from __future__ import annotations

from collections.abc import Callable

from ..protocol.extra import Lowering
from .extensions import Extensions
from .listening.voice_over import SpokenTurn
from .turn_queue import Turns


class ClientBargeInControl:
    """Belongs to one connection."""

    def __init__(
        self,
        turns: Turns,
        extensions: Extensions,
        group: Callable[[], object | None],
        break_in: Callable[[], object],
    ) -> None:
        """`group` is the one the client is in; `break_in` interrupts what is being answered."""
        self._turns = turns
        self._extensions = extensions
        self._group = group
        self._break_in = break_in

    def spoken_over(self) -> SpokenTurn | None:
        """Return the turn that a voice is over, if the client can lower it and have it go on.

        A turn whose question is not understood yet is none: what is said is a part of that. Nor is
        one that asks something, which may be answered.
        """
        turn = self._turns.running
        if turn is None or not self._can_lower or turn.times.heard is None:
            return None
        return None if self._extensions.questions.begins_to_speak() else turn

    def spoke_last(self) -> SpokenTurn | None:
        """Return the latest turn, if the client could have lowered it."""
        return self._turns.latest if self._can_lower else None

    def lower(self, how: Lowering, turn: SpokenTurn) -> None:
        """Lower a turn, hold it up, or have it go on."""
        if how == "pause":
            turn.playback.hold()
        else:
            turn.playback.go_on()
        self._extensions.lower(how, turn.id)

    def break_in(self) -> None:
        """Stop the turn: it is interrupted."""
        self._break_in()

    @property
    def _can_lower(self) -> bool:
        return "barge-in" in self._extensions and self._group() is None
