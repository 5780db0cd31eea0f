"""A voice over hers: she is lowered at once, and stops or goes on when it is known what it says."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Protocol

from ...audio import MIC_RATE
from ...engines.asr.segments import joined
from ...engines.base import EngineError
from ...engines.vad.base import FRAME
from ...protocol.extra import Lowering
from ..playback import TAIL_S, Playback
from .barge_in import Action, BargeIn, Meaning
from .meanings import meaning_of
from .utterance import Utterance

RECENT_S = 6.0
"""What she said longer ago does not come back as an echo."""
LEAST_S = 3 * FRAME / MIC_RATE
"""Less voice than this has no words, whatever is written down of it."""


class SpokenTurn(Protocol):
    """A turn of hers."""

    id: str
    playback: Playback
    finished: bool


class BargeInControl(Protocol):
    """Who has a turn of hers lowered, and stopped."""

    def spoken_over(self) -> SpokenTurn | None:
        """Return the turn that a voice is over, if its client can lower it and have it go on."""

    def spoke_last(self) -> SpokenTurn | None:
        """Return the latest turn of hers, if its client could have done that."""

    def lower(self, how: Lowering, turn: SpokenTurn) -> None:
        """Have a turn lowered, held up, or go on."""

    def break_in(self) -> object:
        """Stop the turn: it is interrupted."""


class VoiceOver:
    """Belongs to one microphone."""

    def __init__(self, control: BargeInControl, askable: Callable[[], bool]) -> None:
        """`askable`: whether an engine may be asked for words while they are being said."""
        self._control = control
        self._askable = askable
        self._turn: SpokenTurn | None = None
        self._barge_in = BargeIn()
        """Of that turn."""
        self._tail: SpokenTurn | None = None
        """What was over just before the voice began."""
        self._frames = 0
        """Voiced, of what is being said."""
        self._is_echo = False

    @property
    def doubts(self) -> bool:
        """Whether it is open if what is being said is an interruption."""
        return self._turn is not None and self._barge_in.open

    def begins(self) -> bool:
        """Somebody speaks; return whether it is open if that is an interruption."""
        turn, last = self._control.spoken_over(), self._control.spoke_last()
        if turn is None or turn is not self._turn:
            self.leave()
        self._tail, self._frames, self._is_echo = None, 0, False
        if turn is None:
            if self._barge_in.echoes and last and last.playback.silent_for_s <= TAIL_S:
                self._tail = last
            return False
        if self._turn is None:
            self._turn, self._barge_in = turn, BargeIn(trusts=not self._barge_in.echoes)
        self._do(turn, self._barge_in.began())
        return True

    def follow(self, voiced_samples: int) -> None:
        """So much of what is being said is voiced by now."""
        frames = voiced_samples // FRAME
        more, self._frames = frames - self._frames, frames
        if self._turn is None:
            return
        if self._turn.finished:
            self._do(self._turn, self._barge_in.finished())
        for _ in range(more):
            self._do(self._turn, self._barge_in.went_on(askable=self._askable()))

    def goes_on(self) -> None:
        """The person speaks on after a pause."""
        if self._turn:
            self._do(self._turn, self._barge_in.began())

    def heard(self, words: str) -> None:
        """So much was understood of what is being said."""
        if self._turn:
            meaning = self._meaning(words, self._turn, self._frames, complete=False)
            self._do(self._turn, self._barge_in.heard(meaning))

    def pauses(self, words: str) -> bool:
        """What was said may be all; return whether it is to be answered then."""
        turn = self._turn or self._tail
        if turn is None:
            return True
        meaning = self._meaning(words, turn, self._frames, complete=True)
        if self._turn and self._barge_in.open:
            self._do(self._turn, self._barge_in.paused(meaning))
            return self._barge_in.stopped
        return self._barge_in.may_answer(meaning)

    def ends(self, utterance: Utterance) -> Coroutine[Any, Any, bool] | None:
        """What was said is complete.

        Return what waits until it is known whether it is to be answered; None if it certainly is.
        """
        turn, barge_in = self._turn or self._tail, self._barge_in if self._turn else None
        self._tail = None
        if turn is None or (barge_in and barge_in.stopped):
            return None
        if barge_in:
            barge_in.ended()
        return self._is_meant(utterance, turn, barge_in, self._frames)

    def take_echo(self) -> bool:
        """Return whether what was said up to now was an echo, and is not wanted, once."""
        is_echo, self._is_echo = self._is_echo, False
        if is_echo:
            self._frames = 0
        return is_echo

    @property
    def lowers(self) -> bool:
        """Whether she is lowered, or held up, because of what is being said."""
        return self._turn is not None and self._barge_in.lowered is not None

    def stalls(self) -> None:
        """No sound comes any more."""
        if self._turn:
            self._do(self._turn, self._barge_in.stalled())

    def leave(self) -> None:
        """Nobody listens any more, or to another turn."""
        if self._turn:
            self._do(self._turn, self._barge_in.left())
        self._turn = self._tail = None

    async def _is_meant(
        self, utterance: Utterance, turn: SpokenTurn, barge_in: BargeIn | None, frames: int
    ) -> bool:
        try:
            meaning = self._meaning(joined(await utterance.words()), turn, frames, complete=True)
        except EngineError:
            meaning = Meaning.REAL  # the turn that answers it tells why
        if barge_in is None:
            return self._barge_in.may_answer(meaning)
        if turn.finished:
            self._do(turn, barge_in.finished())
        is_meant, actions = barge_in.understood(meaning)
        self._do(turn, actions)
        return is_meant

    def _meaning(self, words: str, turn: SpokenTurn, frames: int, *, complete: bool) -> Meaning:
        voiced_s = frames * FRAME / MIC_RATE
        if voiced_s < LEAST_S:
            return Meaning.ASIDE
        meaning = meaning_of(
            words,
            voiced_s,
            turn.playback.recent(RECENT_S),
            complete=complete,
            suspected=self._barge_in.suspects_echo,
            known=self._barge_in.knows_echo,
        )
        self._is_echo = self._is_echo or meaning is Meaning.ECHO
        return meaning

    def _do(self, turn: SpokenTurn, actions: Iterable[Action]) -> None:
        for action in actions:
            if action != "stop":
                self._control.lower(action, turn)
            elif not turn.finished:
                self._control.break_in()
