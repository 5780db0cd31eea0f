"""The log: a line a turn on the console, more in a file that rotates; no sound, keys or words."""

from __future__ import annotations

import inspect
import logging
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from loguru import logger

from ..masking import hidden, masked

if TYPE_CHECKING:
    from loguru import Record

FORMAT = (
    "<green>{time:HH:mm:ss.SSS}</green> <level>{level: <7}</level> {extra[client]} {extra[text]}\n"
)
FILE_FORMAT = (
    "{time:YYYY-MM-DD HH:mm:ss.SSS} {level: <7} {extra[client]} {name}:{line} {extra[text]}\n"
)


def set_up(folder: Path, *, verbose: bool) -> None:
    """Log to stderr and to `folder`/server.log, which is renewed at 10 MB and kept for a week.

    `verbose` shows DEBUG on the console; the file has it always. Exceptions are logged without
    the values of variables, which may be private. Secrets are masked, also in exceptions.
    """
    logger.remove()
    logger.configure(extra={"client": "-"})
    logger.add(sys.stderr, level="DEBUG" if verbose else "INFO", format=_masking(FORMAT))
    logger.add(
        folder / "server.log",
        level="DEBUG",
        format=_masking(FILE_FORMAT),
        rotation="10 MB",
        retention="7 days",
        encoding="utf-8",
        enqueue=True,
        watch=True,  # another server of this folder may have renewed it
    )
    for name in ("asyncio", "uvicorn", "uvicorn.error", "uvicorn.access", "mcp"):
        log = logging.getLogger(name)
        log.handlers = [_ToLoguru()]
        log.propagate = False
        log.setLevel(logging.INFO)
    # It writes a traceback for each line of a server that is no message; `mcp/connection.py` tells.
    logging.getLogger("mcp.client.stdio").setLevel(logging.CRITICAL)


def _masking(template: str) -> Callable[[Record], str]:
    """Return the format of a line whose message and exception hold no secrets."""

    def line(record: Record) -> str:
        text = record["message"]
        if error := record["exception"]:
            trace = traceback.format_exception(error.type, error.value, error.traceback)
            text = f"{text}\n{''.join(trace).rstrip()}"
        record["extra"]["text"] = masked(text, hidden())
        return template

    return line


class _ToLoguru(logging.Handler):
    """Passes the records of the standard library's logging on, with their own place in the code."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log one record. uvicorn's request lines are for the file: they tell no turn's story."""
        depth, frame = 0, inspect.currentframe()
        while frame and (depth == 0 or frame.f_code.co_filename == logging.__file__):
            frame, depth = frame.f_back, depth + 1
        request_line = record.name == "uvicorn.access" or "WebSocket" in record.getMessage()
        level = "DEBUG" if request_line and record.levelno <= logging.INFO else record.levelname
        logger.opt(depth=depth, exception=record.exc_info).log(level, record.getMessage())
