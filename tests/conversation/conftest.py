"""What the tests of conversations share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from loguru import logger


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Return the warnings and errors of the log, as they come."""
    lines: list[str] = []
    sink = logger.add(lines.append, format="{level} {message}", level="WARNING")
    yield lines
    logger.remove(sink)
