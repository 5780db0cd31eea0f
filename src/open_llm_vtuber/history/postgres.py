"""Conversations on a PostgreSQL server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import URL, Connection, func, select
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from .errors import HistoryError
from .migration import create_tables

T = TypeVar("T")

CONNECT_S = 10.0
"""How long it may take until the server has let us in."""
_CONNECTIONS = 4
_HOLDING_WORDS = ("messages", "facts", "vectors", "message_terms")
_SCHEMA_LOCK = 0x6F6C7674  # any number that is the same in every process


class PostgresDatabase:
    """A `Database`."""

    def __init__(self, url: URL, answer_s: float) -> None:
        """`answer_s` is how long one statement may take, but for tables that are made anew."""
        self._url = url
        self._answer_s = answer_s
        self._engine: AsyncEngine | None = None

    async def open(self) -> None:
        """Connect, and create the tables where they are missing. Raises HistoryError."""
        patient = await asyncio.to_thread(_engine, self._url)  # it imports the driver
        try:
            async with patient.begin() as connection:
                await connection.run_sync(_create_tables)
        finally:
            await patient.dispose()
        self._engine = _engine(self._url, self._answer_s)
        try:
            await self.read(lambda _: None)
        except BaseException:
            await self.close()
            raise

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` does."""
        async with self._connected().begin() as connection:
            return await connection.run_sync(work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` does; it has reached the server's disk then, whatever its settings."""
        async with self._connected().begin() as connection:
            await connection.exec_driver_sql("SET LOCAL synchronous_commit TO on")
            return await connection.run_sync(work)

    async def wipe(self) -> bool:
        """Have the server free the rows that were deleted.

        What its files, its journal and its backups hold beyond that is for who runs it.
        """
        patient = _engine(self._url)
        try:
            async with patient.connect() as connection:
                alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
                await alone.exec_driver_sql(f"VACUUM {', '.join(_HOLDING_WORDS)}")
        finally:
            await patient.dispose()
        return True

    async def close(self) -> None:
        """Disconnect."""
        engine, self._engine = self._engine, None
        if engine is not None:
            await engine.dispose()

    def _connected(self) -> AsyncEngine:
        assert self._engine is not None  # noqa: S101 - it is open
        return self._engine


def _engine(url: URL, answer_s: float | None = None) -> AsyncEngine:
    """Return what keeps the connections; a server that says nothing for `answer_s` has failed."""
    try:
        return create_async_engine(
            url,
            hide_parameters=True,
            pool_size=_CONNECTIONS,
            max_overflow=0,
            pool_pre_ping=True,
            connect_args={
                "timeout": min(CONNECT_S, answer_s or CONNECT_S),
                "command_timeout": answer_s,
            },
        )
    except ModuleNotFoundError as error:
        raise HistoryError(
            "The driver of the database in history_url is missing. Install it with "
            "`pip install 'open-llm-vtuber[postgres]'`."
        ) from error


def _create_tables(connection: Connection) -> None:
    connection.execute(select(func.pg_advisory_xact_lock(_SCHEMA_LOCK)))
    create_tables(connection)
