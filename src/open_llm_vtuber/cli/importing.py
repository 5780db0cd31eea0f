"""Imports in the midst of a start, which Ctrl+C ends at once."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

STOPPED_BY_CTRL_C = 130


@contextmanager
def importing() -> Iterator[None]:
    """Have Ctrl+C end the program here and now: an exception can get lost amid imports.

    There must be nothing yet that has to be ended cleanly.
    """
    before = signal.signal(signal.SIGINT, lambda *_: os._exit(STOPPED_BY_CTRL_C))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
