"""Keeps the log from being filled by lines that others can cause as often as they like."""

from __future__ import annotations

import asyncio
import logging
import time
from asyncio import AbstractEventLoop
from typing import Any

from loguru import logger

AT_MOST = 10
"""Times that a line is logged in a period."""
PERIOD_S = 60.0
MOST_KINDS = 200
"""Lines that are told apart; what is forgotten may be logged again."""
_NO_FILES = "socket.accept() out of system resource"
"""What asyncio says of a connection for which no file can be opened, a hundred times a second."""


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
        if record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError):
            return False  # what a stopping server has cut off has not failed
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


class Rarely:
    """Logs a warning at most once in PERIOD_S, with how often there was reason to."""

    def __init__(self) -> None:
        self._count = 0
        self._told_at = -PERIOD_S

    def warn(self, text: str, *values: object) -> None:
        """Log `text`, which has a {} for the count and one for each value."""
        self._count += 1
        now = time.monotonic()
        if now - self._told_at >= PERIOD_S:
            logger.warning(text, self._count, *values)
            self._told_at, self._count = now, 0


def _has_just_gone(context: dict[str, Any]) -> bool:
    """Return whether all that failed is the goodbye to a client that had gone, as on Windows."""
    lost = "_call_connection_lost" in str(context.get("message"))
    return lost and isinstance(context.get("exception"), ConnectionResetError)


def quieten(loop: AbstractEventLoop) -> None:
    """Keep what clients can cause from filling the log, as a lack of files for connections."""
    told = Rarely()
    for name in ("asyncio", "uvicorn.error", "python_multipart.multipart"):
        log = logging.getLogger(name)
        if not any(isinstance(one, Sparing) for one in log.filters):
            log.addFilter(Sparing())

    def handle(loop: AbstractEventLoop, context: dict[str, Any]) -> None:
        if context.get("message") == _NO_FILES:
            told.warn(
                "{} times no connection could be accepted: too many open files. The system allows "
                "more with `ulimit -n`; limits.max_open_connections allows fewer connections."
            )
        elif not _has_just_gone(context):
            loop.default_exception_handler(context)

    loop.set_exception_handler(handle)
