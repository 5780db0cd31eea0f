"""Keeps the log from being filled by one line that others can cause as often as they like."""

from __future__ import annotations

import logging
import time

AT_MOST = 10
"""Times that a line is logged in a period."""
PERIOD_S = 60.0
MOST_KINDS = 200
"""Lines that are told apart; what is forgotten may be logged again."""


class Sparing(logging.Filter):
    """Lets a warning of one place in the code pass ten times a minute, and counts the others."""

    def __init__(self) -> None:
        super().__init__()
        self._period = 0.0
        self._counts: dict[tuple[str, int, str], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is to be logged; the last one says that others are left out."""
        if record.levelno < logging.WARNING:
            return True
        now = time.monotonic()
        if now - self._period >= PERIOD_S or len(self._counts) >= MOST_KINDS:
            self._period = now
            self._counts.clear()
        kind = (record.name, record.lineno, record.getMessage()[:60])
        count = self._counts[kind] = self._counts.get(kind, 0) + 1
        if count == AT_MOST:
            record.msg = f"{record.getMessage()} (more of these are not logged for a while)"
            record.args = None
        return count <= AT_MOST
