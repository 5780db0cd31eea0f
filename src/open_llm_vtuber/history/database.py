"""A database of SQLite or PostgreSQL, opened so that what is written stays written."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import Any

from loguru import logger
from sqlalchemy import Connection, delete, event, func, insert, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from .errors import HistoryError
from .schema import METADATA, VERSION, schema_version
from .urls import database_file, parse_url

BUSY_S = 15.0
"""How long another program may keep the database from being written."""
_CONNECTIONS = 4
_OPEN_TRIES = 100
_OPEN_PAUSE_S = 0.1
_SCHEMA_LOCK = 0x6F6C7674  # any number that is the same in every process
WRITES = "history_writes"
"""The execution option of a connection that writes."""


def create_engine(url: str) -> AsyncEngine:
    """Return the engine of `url`, which has not connected yet. Raises HistoryError."""
    parsed = parse_url(url)
    options: dict[str, Any] = {"hide_parameters": True}
    if parsed.get_backend_name() == "sqlite":
        # A database in memory is its connection: there must be one, and others wait for it.
        alone = database_file(parsed) is None
        options |= {"poolclass": AsyncAdaptedQueuePool, "pool_size": 1 if alone else _CONNECTIONS}
    else:
        options |= {"pool_size": _CONNECTIONS, "pool_pre_ping": True}
    try:
        engine = create_async_engine(parsed, max_overflow=0, **options)
    except ModuleNotFoundError as error:
        extra = "[postgres]" if parsed.get_backend_name() == "postgresql" else ""
        raise HistoryError(
            f"The driver of the database in history_url is missing. Install it with "
            f"`pip install 'open-llm-vtuber{extra}'`."
        ) from error
    if parsed.get_backend_name() == "sqlite":
        event.listen(engine.sync_engine, "connect", _configure_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    else:
        event.listen(engine.sync_engine, "begin", _begin_postgres)
    return engine


def _configure_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite`
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_S * 1000:.0f}",
        "journal_mode=WAL",  # readers do not wait for writers
        "synchronous=FULL",  # a commit has reached the disk when it returns
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later can not wait for another writer, it fails;
    # one that says so at once can.
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgres(connection: Connection) -> None:
    if connection.get_execution_options().get(WRITES):
        # Whatever the server is set to: what is reported as stored has reached its disk.
        connection.exec_driver_sql("SET LOCAL synchronous_commit TO on")


async def create_tables(writer: AsyncEngine) -> None:
    """Create what is missing. Several processes may do so at once. Raises HistoryError."""
    for tries_left in reversed(range(_OPEN_TRIES)):
        try:
            async with writer.begin() as connection:
                await _create_tables(connection)
                return
        except (OperationalError, sqlite3.OperationalError) as error:
            # The change to WAL does not wait for another process that makes it, it fails.
            if "locked" not in str(error) or not tries_left:
                raise
            logger.debug("the database of conversations is locked, trying again")
            await asyncio.sleep(_OPEN_PAUSE_S)


async def _create_tables(connection: AsyncConnection) -> None:
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(_SCHEMA_LOCK)))
    await connection.run_sync(METADATA.create_all)
    found = (await connection.execute(select(func.max(schema_version.c.version)))).scalar()
    if found is not None and found > VERSION:
        raise HistoryError(
            "The database of conversations was written by a newer version of this program. "
            "Update the program, or name another database in history_url."
        )
    if found is None:
        await connection.execute(delete(schema_version))
        await connection.execute(insert(schema_version).values(version=VERSION))
