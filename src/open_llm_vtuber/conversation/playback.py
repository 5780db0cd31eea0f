"""What of one turn the client plays now, by a clock that stands still while it is paused."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import anyio

from .speaking.speech_text import Line

SOON_S = 0.3
"""A client may be so much ahead of what is known here."""
TAIL_S = 0.8
"""So long after her last sound a voice that begins may be its echo."""


@dataclass
class _Played:
    line: Line
    begin_s: float
    end_s: float


class Playback:
    """Belongs to one turn. Where it is, is taken from how long what was sent sounds."""

    def __init__(self) -> None:
        self._lines: list[_Played] = []
        self._until: float | None = None
        self._held_at: float | None = None
        self._stood_s = 0.0
        self._scope: anyio.CancelScope | None = None
        self._grace_s = 0.0
        self.complete = asyncio.Event()
        """Whether the client says that it has played everything."""

    @property
    def sounds(self) -> bool:
        """Whether something was sent that is said."""
        return self._until is not None

    @property
    def length_s(self) -> float:
        """How long all that was sent sounds."""
        return sum(one.end_s - one.begin_s for one in self._lines)

    @property
    def silent_for_s(self) -> float:
        """How long ago the last of what was sent was over; negative before that."""
        return math.inf if self._until is None else self._now - self._until

    def sent(self, line: Line, seconds: float) -> None:
        """Note that so much of a line was sent, to be played after what was sent before it."""
        begin_s = max(self._until or 0.0, self._now)
        self._until = begin_s + seconds
        if self._lines and self._lines[-1].line is line:
            self._lines[-1].end_s = self._until
        else:
            self._lines.append(_Played(line, begin_s, self._until))

    def recent(self, seconds: float) -> str:
        """Return what is being said now, and was said in the last seconds."""
        since, until = self._now - seconds, self._now + SOON_S
        spoken = [one for one in self._lines if one.end_s >= since and one.begin_s <= until]
        return " ".join(one.line.speech for one in spoken)

    def hold(self) -> None:
        """The client plays nothing until it is told to go on: nothing gets late meanwhile."""
        if self._held_at is None:
            self._held_at = time.perf_counter()
            self._renew()

    def go_on(self) -> None:
        """The client plays again."""
        if self._held_at is not None:
            self._stood_s += time.perf_counter() - self._held_at
            self._held_at = None
            self._renew()

    @contextmanager
    def in_time(self, grace_s: float) -> Iterator[None]:
        """Give up what is waited for so long after all of it should have been played."""
        with anyio.CancelScope() as self._scope:
            self._grace_s = grace_s
            self._renew()
            yield

    @property
    def _now(self) -> float:
        now = time.perf_counter() if self._held_at is None else self._held_at
        return now - self._stood_s

    def _renew(self) -> None:
        if self._scope is None:
            return
        if self._held_at is not None:
            self._scope.deadline = math.inf
        else:
            left_s = (self._until or self._now) - self._now + self._grace_s
            self._scope.deadline = asyncio.get_running_loop().time() + left_s
