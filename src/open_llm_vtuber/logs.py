"""The log: a line a turn on the console, more in a file that rotates; no sound, keys or words."""

from __future__ import annotations

import inspect
import logging
import re
import sys
from pathlib import Path

from loguru import logger

FORMAT = "<green>{time:HH:mm:ss.SSS}</green> <level>{level: <7}</level> {extra[client]} {message}"
FILE_FORMAT = "{time:YYYY-MM-DD HH:mm:ss.SSS} {level: <7} {extra[client]} {name}:{line} {message}"


def set_up(folder: Path, *, verbose: bool) -> None:
    """Log to stderr and to `folder`/server.log, which is renewed at 10 MB and kept for a week.

    `verbose` shows DEBUG on the console; the file has it always. Exceptions are logged without
    the values of variables, which may be private.
    """
    logger.remove()
    logger.configure(extra={"client": "-"})
    logger.add(sys.stderr, level="DEBUG" if verbose else "INFO", format=FORMAT, diagnose=False)
    logger.add(
        folder / "server.log",
        level="DEBUG",
        format=FILE_FORMAT,
        rotation="10 MB",
        retention="7 days",
        encoding="utf-8",
        enqueue=True,
        diagnose=False,
    )
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "mcp"):
        log = logging.getLogger(name)
        log.handlers = [_ToLoguru()]
        log.propagate = False
        log.setLevel(logging.INFO)

    # It writes a traceback for each line of a server that is no message; `mcp/connection.py` tells.
    logging.getLogger("mcp.client.stdio").setLevel(logging.CRITICAL)


_TOKEN = re.compile(r"\btoken=[^&\s\"']*")
"""An access token in an address."""


class _ToLoguru(logging.Handler):
    """Passes the records of the standard library's logging on, with their own place in the code."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log one record. uvicorn's request lines are for the file: they tell no turn's story."""
        depth, frame = 0, inspect.currentframe()
        while frame and (depth == 0 or frame.f_code.co_filename == logging.__file__):
            frame, depth = frame.f_back, depth + 1
        request_line = record.name == "uvicorn.access" or "WebSocket" in record.getMessage()
        level = "DEBUG" if request_line and record.levelno <= logging.INFO else record.levelname
        message = _TOKEN.sub("token=...", record.getMessage())
        logger.opt(depth=depth, exception=record.exc_info).log(level, message)
