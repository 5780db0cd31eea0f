"""Fixtures for all tests."""

from __future__ import annotations

import gc
import os
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from loguru import logger

from open_llm_vtuber.engines.pool import EnginePool
from open_llm_vtuber.weights.store import WeightStore
from tests.support.live import PROJECT, Live, live

# No test asserts a time; and a run that decides over a change looks at the same examples each time.
settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("house")

Serve = Callable[[dict[str, Any]], Live]
CACHE = PROJECT / ".pytest_cache"


def pytest_configure(config: pytest.Config) -> None:
    """Keep the bytecode of what several processes, and hundreds that they start, import.

    Some machines, as containers often do, tell Python to write none: each would compile all of it
    anew. It goes into pytest's own folder, and nothing into theirs.
    """
    if config.getoption("numprocesses", None) and "PYTHONDONTWRITEBYTECODE" in os.environ:
        del os.environ["PYTHONDONTWRITEBYTECODE"]
        os.environ["PYTHONPYCACHEPREFIX"] = str(CACHE / "bytecode")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected is there to the end: the garbage collector passes it over."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start real servers from the values of a conf.yaml; they stop with the test."""
    with ExitStack() as stack:
        count = 0

        def start(values: dict[str, Any]) -> Live:
            nonlocal count
            count += 1
            folder = tmp_path / f"server{count}"
            folder.mkdir()
            return stack.enter_context(live(folder, values))

        yield start


@pytest.fixture
async def pool(tmp_path: Path) -> AsyncIterator[EnginePool]:
    """What lends engines that need no weights."""
    pool = EnginePool(WeightStore(tmp_path, offline=True))
    yield pool
    await pool.close()


@pytest.fixture(scope="session")
def speech() -> Path:
    """The folder of recordings with transcripts, beside the project."""
    folder = PROJECT.parent / "shared" / "speech"
    assert folder.is_dir(), f"the recordings are missing: {folder}"
    return folder


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Return the warnings and errors of the log, as they come."""
    lines: list[str] = []
    sink = logger.add(lines.append, format="{level} {message}", level="WARNING")
    yield lines
    logger.remove(sink)
