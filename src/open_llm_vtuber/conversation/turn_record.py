"""What is measured of a turn once it is over, and who is told; no word of what was said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from ..engines.kinds import Kind
from .metrics import Times
from .turn_request import TurnTrigger

Outcome = Literal["answered", "silent", "failed", "interrupted", "left", "disconnected"]
"""How a turn ended: with an answer; without a word, because there was nothing to say; with an error
that was told; broken into; cut off because its conversation was left; or because its client had
gone."""


@dataclass(frozen=True)
class EngineFailure:
    """An engine could not do what a turn asked of it."""

    kind: Kind
    engine: str
    """Its name, as conf.yaml has it."""
    code: str
    """Of the error that was told."""


@dataclass(frozen=True)
class Stage:
    """A part of a turn, on the clock of time.perf_counter()."""

    name: str
    begin: float
    end: float


@dataclass(frozen=True)
class TurnRecord:
    """One turn that is over."""

    id: str
    trigger: TurnTrigger
    outcome: Outcome
    times: Times
    ended: float
    """When, on the clock of time.perf_counter()."""
    speech_s: float | None
    """How long the person spoke; None where that was typed, or nobody spoke."""
    voiced_until: float | None
    """When the person's voice was over, where that is known."""
    sentences: int
    """How many were sent."""
    sound_s: float
    """How long what was sent of them sounds."""
    failures: tuple[EngineFailure, ...] = ()

    @property
    def begin(self) -> float:
        """When the person was done, or the turn was asked for."""
        arrived, voiced_until = self.times.arrived, self.voiced_until
        return arrived if voiced_until is None else min(voiced_until, arrived)

    def waits(self) -> list[tuple[str, float]]:
        """Return how long the first sound was waited for at each stage, in seconds.

        They add up to the whole wait. What was done ahead, before it was certain what is answered,
        was not waited for.
        """
        waits, until = [], self.begin
        for name, end in self._ends():
            waits.append((name, max(end - until, 0.0)))
            until = max(end, until)
        return waits

    def _ends(self) -> Iterator[tuple[str, float]]:
        times, spoken = self.times, self.speech_s is not None
        for name, end in (
            ("endpointing", times.arrived if self.voiced_until is not None else None),
            ("turn", times.decided),
            ("recognize", times.heard if spoken else None),
            ("first_word", times.first_token),
            ("first_sentence", times.first_line),
            ("synthesize", times.first_made),
            ("deliver", times.first_audio),
        ):
            if end is not None:
                yield name, end

    def stages(self) -> list[Stage]:
        """Return what was done when; an answer that was begun ahead begins before it was heard."""
        times = self.times
        answered = times.begun or times.heard
        marks = (
            ("endpointing", self.voiced_until, times.arrived),
            ("recognize", times.decided if self.speech_s is not None else None, times.heard),
            ("reply", answered, times.first_token),
            ("first_sentence", times.first_token or answered, times.first_line),
            ("synthesize", times.first_line, times.first_made),
            ("deliver", times.first_made, times.first_audio),
            ("playback", times.first_audio, self.ended),
        )
        return [
            Stage(name, min(begin, end), end)
            for name, begin, end in marks
            if begin is not None and end is not None
        ]


class TurnWatch(Protocol):
    """Who is told of turns. It is called on the event loop, and must be quick."""

    def begun(self, trigger: TurnTrigger) -> None:
        """A turn begins."""

    def ended(self, record: TurnRecord) -> None:
        """A turn is over."""


class Unwatched:
    """Tells nobody."""

    def begun(self, trigger: TurnTrigger) -> None:
        """A turn begins."""

    def ended(self, record: TurnRecord) -> None:
        """A turn is over."""


class Watchers:
    """Tells several, who can come and go."""

    def __init__(self, *watchers: TurnWatch) -> None:
        self.all = list(watchers)

    def begun(self, trigger: TurnTrigger) -> None:
        """A turn begins."""
        for one in self.all:
            one.begun(trigger)

    def ended(self, record: TurnRecord) -> None:
        """A turn is over."""
        for one in self.all:
            one.ended(record)
