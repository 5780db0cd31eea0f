"""A store in a real SQLite file, and the same on a real PostgreSQL server."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, event

from open_llm_vtuber.history.store import HistoryStore
from tests.history.postgres import Postgres, programs

MakeUrl = Callable[[], str]
Listen = Callable[[str, Callable[..., None]], None]


@pytest.fixture
def listen() -> Iterator[Listen]:
    """Return what calls a function at an event of any database, until the test is over."""
    listening: list[tuple[str, Callable[..., None]]] = []

    def begin(name: str, heard: Callable[..., None]) -> None:
        event.listen(Engine, name, heard)
        listening.append((name, heard))

    yield begin
    for name, heard in listening:
        event.remove(Engine, name, heard)


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
        return lambda: f"sqlite:///{tmp_path}/{uuid4().hex}/history.db"
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
