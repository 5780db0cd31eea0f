"""When the stages of a turn were over: for the log, and for a client that asked."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from ..audio import MIC_RATE
from ..protocol.extra import TurnMetrics
from .listening.utterance import Utterance


@dataclass
class Times:
    """Everything on the clock of time.perf_counter()."""

    arrived: float = field(default_factory=time.perf_counter)
    """When the request came: the text, or the decision that the person is done."""
    decided: float = field(default_factory=time.perf_counter)
    """When the turn began: later, where another one had to end first."""
    begun: float | None = None
    """When the answer was begun, where that was before it was certain what is answered."""
    heard: float | None = None
    first_token: float | None = None
    first_line: float | None = None
    first_made: float | None = None
    """When the first sound was there."""
    first_audio: float | None = None
    """When the first sentence with sound had been sent."""

    def take_over(self, turn: Times) -> None:
        """Be those of a turn, for an answer that was begun before it."""
        self.begun = self.decided
        self.arrived, self.decided, self.heard = turn.arrived, turn.decided, turn.heard

    def story(self, said: str | Utterance) -> str:
        """Return the turn's times in one line, each counted from the one before.

        Those of an answer that was begun early are counted from there, its first sound from when
        it was allowed.
        """
        parts = []
        if isinstance(said, Utterance):
            parts.append(f"{said.samples / MIC_RATE:.1f} s of speech")
            if said.voiced_until is not None:
                parts.append(f"endpointing {(self.decided - said.voiced_until) * 1000:.0f} ms")
        if self.begun is not None:
            parts.append(f"begun {(self.decided - self.begun) * 1000:.0f} ms before")
        allowed = max(self.first_line or 0, self.heard or 0)
        for name, since, mark in (
            ("heard", self.decided, self.heard),
            ("first token", self.begun or self.heard, self.first_token),
            ("first clause", self.first_token, self.first_line),
            ("first audio", allowed, self.first_audio),
        ):
            if mark is not None:
                parts.append(f"{name} +{(mark - (since or self.decided)) * 1000:.0f} ms")
        return ", ".join(parts) or "nothing was said"

    def metrics(self, turn: str, said: str | Utterance) -> TurnMetrics:
        """Return the length of each stage that is over; they add up to the total.

        A wait for another turn belongs to the stage that had to wait.
        """
        spoken = isinstance(said, Utterance)
        voiced_until = said.voiced_until if isinstance(said, Utterance) else None
        start = self.arrived if voiced_until is None else min(voiced_until, self.arrived)
        ends = {
            "endpointing_ms": None if voiced_until is None else self.arrived,
            "asr_ms": self.heard if spoken else None,
            "first_token_ms": self.first_token,
            "first_audio_ms": self.first_audio,
        }
        stages: dict[str, int | None] = {}
        total = 0
        for name, end in ends.items():
            # Rounded once, from the start, so that the sum is exact.
            until = None if end is None else max(round((end - start) * 1000), total)
            stages[name] = None if until is None else until - total
            total = total if until is None else until
        return TurnMetrics(turn=turn, total_ms=total, **stages)
