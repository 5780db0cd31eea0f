"""How far a fetch has come, told a few times a second."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

REPORTS_PER_SECOND = 5


@dataclass(frozen=True)
class Progress:
    """Bytes of an entry's files that have arrived, of all that are needed."""

    name: str
    done_bytes: int
    total_bytes: int

    @property
    def fraction(self) -> float:
        """0.0 to 1.0."""
        return self.done_bytes / self.total_bytes

    @property
    def finished(self) -> bool:
        """Whether every byte has arrived and is verified."""
        return self.done_bytes >= self.total_bytes


class Throttle:
    """Passes on what changed, at most `REPORTS_PER_SECOND` times a second, and always the end.

    The last byte counts as arrived when everything is verified: call `finish` then.
    """

    def __init__(self, name: str, total_bytes: int, report: Callable[[Progress], None]) -> None:
        self._name, self._total_bytes, self._report = name, total_bytes, report
        self._last_bytes = -1
        self._last_time = float("-inf")

    def __call__(self, done_bytes: int) -> None:
        """Report, if it is time, that `done_bytes` of the entry are here."""
        done_bytes = min(done_bytes, self._total_bytes - 1)
        now = time.monotonic()
        if done_bytes != self._last_bytes and now - self._last_time >= 1 / REPORTS_PER_SECOND:
            self._last_bytes, self._last_time = done_bytes, now
            self._report(Progress(self._name, done_bytes, self._total_bytes))

    def finish(self) -> None:
        """Report the end, whenever it is."""
        self._report(Progress(self._name, self._total_bytes, self._total_bytes))
