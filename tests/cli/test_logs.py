"""What others say through the standard library's logging is in the log as well, secrets masked."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from loguru import logger

from open_llm_vtuber.cli import logs


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """Set up the log as the server does it; return its file."""
    loop_log = logging.getLogger("asyncio")
    before = (loop_log.handlers, loop_log.propagate, loop_log.level)
    logs.set_up(tmp_path, verbose=False)
    yield tmp_path / "server.log"
    logger.remove()
    logger.add(sys.stderr)
    loop_log.handlers, loop_log.propagate = before[:2]
    loop_log.setLevel(before[2])


def test_what_the_event_loop_complains_of_is_in_the_log(file: Path) -> None:
    async def forgets() -> None:
        async def fails() -> None:
            raise ValueError("api_key=hunter2 is wrong")

        task = asyncio.create_task(fails())
        await asyncio.wait([task])
        del task
        gc.collect()

    asyncio.run(forgets())
    logger.complete()
    written = file.read_text("utf-8")
    assert "Task exception was never retrieved" in written
    assert "is wrong" in written
    assert "hunter2" not in written
