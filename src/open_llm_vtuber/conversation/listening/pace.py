"""How long one person pauses and then speaks on. Pure."""

from __future__ import annotations

from collections import deque

REMEMBERED = 24
"""Pauses: some minutes of talk."""
USUAL_PAUSE_S, USUAL_COUNT = 0.5, 4
"""What is taken for granted of somebody new, and as how many pauses it counts."""
SHARE = 0.9
"""Of the pauses that somebody speaks on after, so many are no longer than their pace."""


class Pace:
    """Belongs to one client, and is forgotten with it."""

    def __init__(self) -> None:
        self._pauses: deque[float] = deque(maxlen=REMEMBERED)

    def spoke_on(self, pause_s: float) -> None:
        """The person has spoken on after a pause."""
        self._pauses.append(pause_s)

    @property
    def long_s(self) -> float | None:
        """How long a pause of theirs may well be before they speak on; None before the first."""
        if not self._pauses:
            return None
        known = sorted([*self._pauses, *[USUAL_PAUSE_S] * max(USUAL_COUNT - len(self._pauses), 0)])
        return known[min(int(SHARE * len(known)), len(known) - 1)]
