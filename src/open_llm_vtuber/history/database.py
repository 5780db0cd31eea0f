"""The database of conversations: plain functions read and write it, each in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from .sqlite import SqliteDatabase
from .urls import parse_url

T = TypeVar("T")


class Database(Protocol):
    """One of SQLite or PostgreSQL, opened so that what is written stays written.

    Whatever fails is an error of SQLAlchemy, of the driver or of the system, or a HistoryError.
    """

    async def open(self) -> None:
        """Connect, and create what is missing. Raises HistoryError if a newer program wrote it."""

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` does, in a transaction that sees one state of the database."""

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` does; all of it has reached the disk then, or nothing."""

    async def wipe(self) -> bool:
        """Leave nothing in the files of what was deleted; return whether that is so.

        It is not while others read a state from before. Who reads meanwhile does not wait.
        """

    async def close(self) -> None:
        """Disconnect. Nothing of it may be running."""


def database(url: str, answer_s: float = 30.0) -> Database:
    """Return the database that `url` names, not open yet. Raises HistoryError for none.

    `answer_s` is how long a server of one may take for a statement.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        return SqliteDatabase(parsed)
    from .postgres import PostgresDatabase  # SQLAlchemy's asyncio is for who has such a server

    return PostgresDatabase(parsed, answer_s)
