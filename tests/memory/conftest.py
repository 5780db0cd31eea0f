"""A memory over a real SQLite file, and the same on a real PostgreSQL server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from open_llm_vtuber.history.store import HistoryStore
from open_llm_vtuber.memory.drawing import draw
from open_llm_vtuber.memory.store import MemoryStore
from tests.history.conftest import make_url, postgres, url
from tests.memory.scene import Scene

__all__ = ["make_url", "postgres", "url"]


@pytest.fixture
async def scene(url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    """What is said, and a memory of it."""
    history = HistoryStore(url)
    await history.open()
    yield Scene(history, MemoryStore(history, tmp_path / "chat_history"))
    await history.close()


@pytest.fixture
async def real(tmp_path: Path) -> AsyncIterator[Scene]:
    """The same in an SQLite file, with the rules that draw facts from what people say."""
    history = HistoryStore(f"sqlite:///{tmp_path}/history.db")
    await history.open()
    yield Scene(history, MemoryStore(history, tmp_path / "chat_history"), draw)
    await history.close()


@pytest.fixture
async def on_disk(tmp_path: Path) -> AsyncIterator[Scene]:
    """A memory in an SQLite file of `tmp_path`."""
    history = HistoryStore(f"sqlite:///{tmp_path}/history.db")
    await history.open()
    yield Scene(history, MemoryStore(history, tmp_path))
    await history.close()
