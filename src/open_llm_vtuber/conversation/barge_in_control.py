"""A turn that a voice is over: it is lowered, goes on, or is stopped, by the client and here."""

from __future__ import annotations

from collections.abc import Callable

from ..protocol.extra import Lowering
from ..protocol.outgoing import Control
from .extensions import Extensions
from .listening.utterance import Utterance
from .listening.voice_over import SpokenTurn
from .turn import Turn
from .turn_queue import Turns


class ClientBargeInControl:
    """Belongs to one client."""

    def __init__(
        self,
        turns: Turns,
        extensions: Extensions,
        group: Callable[[], object | None],
        post: Callable[[Control], None],
    ) -> None:
        """`group` is the one the client is in; `post` tells the client, without waiting."""
        self._turns = turns
        self._extensions = extensions
        self._group = group
        self._post = post

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

    def break_in(self, *, stop: bool = True) -> Utterance | None:
        """Tell the client that it is heard to speak, and `stop` what is being said.

        Returns the utterance that was being answered, if it was not recognized yet. What had been
        heard of the answer is told a moment later.
        """
        stops = stop and self._group() is None
        turn = self._turns.running if stops else None
        earlier = self._turns.stop() if stops else None
        if stops:
            self._turns.end_untold()  # an interrupt is the last that a client is told of a turn
        self._interrupt(turn)
        return earlier

    def cut_off(self) -> None:
        """End the turn that is running, and keep nothing of it: its conversation is deleted."""
        if turn := self._turns.running:
            self._turns.discard()
            self._interrupt(turn)

    def _interrupt(self, turn: Turn | None) -> None:
        turn_id = turn.id if turn and "turn-ids" in self._extensions else None
        self._post(Control(text="interrupt", turn=turn_id))

    @property
    def _can_lower(self) -> bool:
        return "barge-in" in self._extensions and self._group() is None
