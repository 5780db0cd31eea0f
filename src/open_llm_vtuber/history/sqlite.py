"""Conversations in an SQLite file: a transaction is one call in one thread."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from loguru import logger
from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.exc import OperationalError

from .migration import create_tables
from .urls import database_file

T = TypeVar("T")

BUSY_S = 15.0
"""How long another program may keep the database from being written."""
_READS_S = 1.0
"""How long those who read may keep what was deleted in the journal, before it is tried later."""
_READERS = 3
_OPEN_TRIES = 100
_OPEN_PAUSE_S = 0.1


class _ElsewhereError(Exception):
    """The file is not the one that was opened."""


class SqliteDatabase:
    """A `Database`. It is written in one thread and read in others, which do not wait for it."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._file = database_file(url)
        # A database in memory is its connection: there must be one, and one thread that has it.
        self._readers = ThreadPoolExecutor(_READERS if self._file else 1, "history-reader")
        self._writer = ThreadPoolExecutor(1, "history-writer") if self._file else self._readers
        self._engine: Engine | None = None
        self._opened: tuple[int, int] | None = None
        """Which file that is."""
        self._read_ends = threading.Condition()
        """Held while another file is opened: nobody reads meanwhile."""
        self._reads = 0

    async def open(self) -> None:
        """Connect, and create the file and the tables where they are missing."""
        await self._in(self._writer, self._open)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` does."""
        try:
            return await self._in(self._readers, self._read, work)
        except _ElsewhereError:
            await self._in(self._writer, self._renew)
            return await self._in(self._readers, self._read, work, True)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` does; it has reached the disk then."""
        return await self._in(self._writer, self._write, work)

    async def wipe(self) -> bool:
        """Write the file anew without what was deleted, and empty its journal."""
        return await self._in(self._writer, self._wipe)

    async def close(self) -> None:
        """Disconnect."""
        await self._in(self._writer, self._dispose)
        self._writer.shutdown(wait=False)
        self._readers.shutdown(wait=False)

    async def _in(self, threads: ThreadPoolExecutor, work: Callable[..., T], *given: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(threads, work, *given)

    def _read(self, work: Callable[[Connection], T], renewed: bool = False) -> T:
        if not renewed and self._is_elsewhere():
            raise _ElsewhereError
        with self._read_ends:
            engine = self._connected()
            self._reads += 1
        try:
            return _transact(engine, "BEGIN", work)
        finally:
            with self._read_ends:
                self._reads -= 1
                self._read_ends.notify()

    def _write(self, work: Callable[[Connection], T]) -> T:
        self._renew()
        # A transaction that reads first and writes later can not wait for another writer, it
        # fails; one that says so at once can.
        return _transact(self._connected(), "BEGIN IMMEDIATE", work)

    def _wipe(self) -> bool:
        self._renew()
        with self._connected().connect() as connection:
            connection.exec_driver_sql("VACUUM")
            # Where somebody still reads an older state, its pages stay in the journal. Our own
            # reads are short; for another program's nobody who writes is to wait.
            connection.exec_driver_sql(f"PRAGMA busy_timeout={_READS_S * 1000:.0f}")
            try:
                emptied = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_S * 1000:.0f}")
            return not emptied[0]

    def _is_elsewhere(self) -> bool:
        """Whether the file is not the one that was opened: what is written there would be lost."""
        if self._file is None:
            return False
        return self._engine is None or _identity(self._file) != self._opened

    def _renew(self) -> None:
        """Open what is there now, if it is another file; make it if there is none."""
        if not self._is_elsewhere():
            return
        logger.warning("the database of conversations is not there any more; a new one is made")
        with self._read_ends:
            # SQLite shares the memory beside a file with all that have one of this name open: of
            # the old one nothing may be when the new one is.
            self._read_ends.wait_for(lambda: not self._reads)
            self._dispose()
            self._open()

    def _open(self) -> None:
        if self._file:
            self._file.parent.mkdir(parents=True, exist_ok=True)
        engine = _engine(self._url)
        try:
            _create_tables(engine)
            if self._file:  # who connects later to a file that is gone makes one without tables
                for connection in [engine.connect() for _ in range(_READERS + 1)]:
                    connection.close()
        except BaseException:
            engine.dispose()
            raise
        self._engine = engine
        self._opened = _identity(self._file) if self._file else None

    def _dispose(self) -> None:
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.dispose()

    def _connected(self) -> Engine:
        assert self._engine is not None  # noqa: S101 - it is open
        return self._engine


def _engine(url: URL) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        poolclass=QueuePool,
        pool_size=_READERS + 1 if database_file(url) else 1,
        max_overflow=0,
        connect_args={"check_same_thread": False},
    )
    event.listen(engine, "connect", _configure)
    return engine


def _transact(engine: Engine, begin: str, work: Callable[[Connection], T]) -> T:
    with engine.connect() as connection:
        connection.exec_driver_sql(begin)
        done = work(connection)
        connection.commit()
        return done


def _create_tables(engine: Engine) -> None:
    """Create what is missing. Several processes may do so at once."""
    for tries_left in reversed(range(_OPEN_TRIES)):
        try:
            _transact(engine, "BEGIN IMMEDIATE", create_tables)
        except OperationalError as error:
            # The change to WAL does not wait for another process that makes it, it fails.
            if "locked" not in str(error) or not tries_left:
                raise
            logger.debug("the database of conversations is locked, trying again")
            time.sleep(_OPEN_PAUSE_S)
        else:
            return


def _configure(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_transact`
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_S * 1000:.0f}",
        "journal_mode=WAL",  # readers do not wait for writers
        "synchronous=FULL",  # a commit has reached the disk when it returns
        "foreign_keys=ON",
        "secure_delete=ON",  # what is deleted is overwritten, wherever SQLite was built
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _identity(file: Path) -> tuple[int, int] | None:
    """Return which file it is, whatever it is called; None for one that is not there."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
