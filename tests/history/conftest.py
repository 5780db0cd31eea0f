"""A store in a real SQLite file, and the same on a real PostgreSQL server."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from open_llm_vtuber.history import store as store_module
from open_llm_vtuber.history.database import create_engine
from open_llm_vtuber.history.store import HistoryStore
from tests.history.postgres import Postgres, programs

MakeUrl = Callable[[], str]


@pytest.fixture
def engines(monkeypatch: pytest.MonkeyPatch) -> list[AsyncEngine]:
    """The connections to databases that stores have opened, the latest last."""
    made: list[AsyncEngine] = []

    def noted(url: str) -> AsyncEngine:
        made.append(create_engine(url))
        return made[-1]

    monkeypatch.setattr(store_module, "create_engine", noted)
    return made


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of our own in a temporary folder."""
    folder = programs()
    if folder is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed: apt-get install postgresql")
        pytest.skip("PostgreSQL is not installed")
    with Postgres(folder) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def make_url(request: pytest.FixtureRequest, tmp_path: Path) -> MakeUrl:
    """Return a function that returns the URL of a new database."""
    if request.param == "sqlite":
        return lambda: f"sqlite+aiosqlite:///{tmp_path}/{uuid4().hex}/history.db"
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database


@pytest.fixture
def url(make_url: MakeUrl) -> str:
    return make_url()


@pytest.fixture
async def store(url: str) -> AsyncIterator[HistoryStore]:
    store = HistoryStore(url)
    await store.open()
    yield store
    await store.close()
