"""The stored conversations: a message is on the disk when `append` returns."""

from __future__ import annotations

import asyncio
import builtins
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import anyio
from loguru import logger
from sqlalchemy import ColumnElement, Select, delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ..protocol.outgoing import HistoryMessage, HistorySummary
from . import entries, uids
from .database import BUSY_S, WRITES, create_engine, create_tables
from .errors import HistoryError, busy, cause_of, explain, is_busy
from .schema import conversations, messages, settled
from .uids import valid_uid
from .urls import database_file, parse_url, resolve_url
from .writes import Conversation, append_all, insert_into, of, settle_part

__all__ = ["Conversation", "HistoryError", "HistoryStore", "resolve_url", "valid_uid"]

T = TypeVar("T")
_PART = 200  # rows turned into models at a time: about a millisecond
_TOGETHER = 100  # calls of `append` in one transaction

_CLOSED = "The stored conversations are closed. Start the server again."


@dataclass(eq=False)
class _Said:
    """What one call of `append` stores."""

    conf_uid: str
    conversation: Conversation
    stored: asyncio.Future[None]


class HistoryStore:
    """Conversations of all characters. Methods raise HistoryError, whose text is for the person.

    A call whose task is cancelled is still carried out to its end.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine: AsyncEngine | None = None
        self._opened: tuple[int, int] | None = None
        """Which file that is, if it is one."""
        self._writing = asyncio.Lock()
        self._said: builtins.list[_Said] = []
        self._appending = False
        self._running: set[asyncio.Task[Any]] = set()
        self._closing = False

    async def open(self) -> None:
        """Connect, and create the file and the tables where they are missing."""
        self._closing = False
        self._engine = await self._connect()

    async def _connect(self) -> AsyncEngine:
        file = database_file(parse_url(self._url))
        if file is not None:
            try:
                await asyncio.to_thread(_make_folder, file.parent)
            except OSError as error:
                raise explain(error) from error
        engine = await asyncio.to_thread(create_engine, self._url)  # it imports the driver
        try:
            await self._run(create_tables(engine.execution_options(**{WRITES: True})))
        except HistoryError as error:
            await engine.dispose()
            if file is None:
                raise
            # For who starts the server; at the page no paths are shown.
            raise HistoryError(f"{error} It is {file}.") from error
        except BaseException:
            await engine.dispose()
            raise
        self._opened = await asyncio.to_thread(_identity, file)
        return engine

    async def close(self) -> None:
        """Finish what was begun and disconnect."""
        self._closing = True
        while self._running:
            await asyncio.wait(self._running)
        engine, self._engine = self._engine, None
        if engine is not None:
            await engine.dispose()

    @staticmethod
    def new_uid() -> str:
        """Return a name for a new conversation: a local date, a time and a random part."""
        return uids.new_uid()

    async def append(
        self, conf_uid: str, history_uid: str, messages: Sequence[HistoryMessage]
    ) -> None:
        """Store `messages`, all or none; they are durable on return."""
        if not valid_uid(history_uid):
            raise HistoryError("That can not be the name of a conversation. Create a new one.")
        if messages:
            rows = [entries.to_row(entries.from_message(message)) for message in messages]
            stored = asyncio.get_running_loop().create_future()
            said = _Said(entries.storable(conf_uid), Conversation(history_uid, rows), stored)
            if self._closing:
                raise HistoryError(_CLOSED)
            self._said.append(said)
            if not self._appending:
                self._appending = True
                self._begin(self._append_waiting())
            await asyncio.shield(stored)

    async def messages(self, conf_uid: str, history_uid: str) -> builtins.list[HistoryMessage]:
        """Return the messages in order, those of the system too; none if it is unknown."""
        rows = _rows_of(conf_uid, history_uid).where(messages.c.role != entries.HIDDEN)
        return await self._run(self._read(rows, entries.to_message_of_group))

    async def list(self, conf_uid: str, *, marks: bool = True) -> builtins.list[HistorySummary]:
        """Return the conversations that hold anything, newest first.

        Without `marks` the latest message is one that somebody said, if there is any.
        """
        return await self._run(self._read(_summaries(conf_uid, marks=marks), _summary))

    async def search(
        self, conf_uid: str, query: str, *, marks: bool = True
    ) -> builtins.list[HistorySummary]:
        """Return the conversations in which somebody said `query`, newest first.

        `marks` is that of `list`. Neither case nor width count. Of a long query the first 1,000
        characters are looked for.
        """
        wanted = entries.fold(query[: entries.MAX_QUERY_CHARS])
        said = messages.alias("said")
        hit = (
            select(said.c.id)
            .where(
                said.c.conversation_id == conversations.c.id,
                said.c.role.in_(("human", "ai")),
                said.c.folded.contains(wanted, autoescape=True),
            )
            .exists()
        )
        return await self._run(self._read(_summaries(conf_uid, marks=marks).where(hit), _summary))

    async def delete(self, conf_uid: str, history_uid: str) -> bool:
        """Remove a conversation and all its messages for good; False if it is unknown."""
        if not valid_uid(history_uid):
            return False
        return await self._run(self._delete(conf_uid, history_uid))

    # What the importer and the exporter need.

    async def characters(self) -> builtins.list[str]:
        """Return the conf_uid of every character with a conversation."""
        found = select(conversations.c.conf_uid).distinct().order_by(conversations.c.conf_uid)
        return await self._run(self._read(found, lambda row: str(row["conf_uid"])))

    async def uids(self, conf_uid: str) -> builtins.list[str]:
        """Return the names of all conversations of a character, empty ones too."""
        found = (
            select(conversations.c.history_uid)
            .where(of(conf_uid))
            .order_by(conversations.c.history_uid)
        )
        return await self._run(self._read(found, lambda row: str(row["history_uid"])))

    async def entries(self, conf_uid: str, history_uid: str) -> builtins.list[Any]:
        """Return a conversation as its JSON file has it, unknown keys and metadata included."""
        return await self._run(self._read(_rows_of(conf_uid, history_uid), entries.to_entry))

    async def settled(self, conf_uid: str) -> set[str]:
        """Return the names of the conversations whose files are not imported (again)."""
        found = select(settled.c.history_uid).where(
            settled.c.conf_uid == entries.storable(conf_uid)
        )
        return set(await self._run(self._read(found, lambda row: str(row["history_uid"]))))

    async def settle(self, conf_uid: str, found: Sequence[Conversation]) -> int:
        """Store whole conversations, all or none, and remember that they were imported.

        Those that are settled already, or exist, are left as they are. Returns how many were new.
        """
        return await self._run(self._settle(conf_uid, found))

    # How it is done.

    async def _append_waiting(self) -> None:
        """Store what waits, many in one transaction: the disk is waited for once."""
        try:
            while self._said:
                together, self._said = self._said[:_TOGETHER], self._said[_TOGETHER:]
                await self._append_together(together)
        finally:
            self._appending = False

    async def _append_together(self, said: Sequence[_Said]) -> None:
        """Store it; where that fails, which may be the fault of one of them, each alone."""
        try:
            await _explained(self._append([(each.conf_uid, each.conversation) for each in said]))
        except HistoryError as error:
            if is_busy(error):  # nobody waits for those before him as well
                said, self._said = [*said, *self._said], []
            elif len(said) > 1:
                for each in said:
                    await self._append_together([each])
                return
            for each in said:
                each.stored.set_exception(error)
        else:
            for each in said:
                each.stored.set_result(None)

    async def _append(self, said: Sequence[tuple[str, Conversation]]) -> None:
        async with self._write() as connection:
            await append_all(connection, said)

    async def _settle(self, conf_uid: str, found: Sequence[Conversation]) -> int:
        new = 0
        async with self._write() as connection:
            in_order = sorted(found, key=lambda each: each.history_uid)  # so that nobody deadlocks
            for start in range(0, len(in_order), _PART):
                part = {each.history_uid: each for each in in_order[start : start + _PART]}
                new += await settle_part(connection, entries.storable(conf_uid), part)
        return new

    async def _delete(self, conf_uid: str, history_uid: str) -> bool:
        async with self._write() as connection:
            gone = await connection.execute(
                delete(conversations).where(of(conf_uid, history_uid)).returning(conversations.c.id)
            )
            if gone.scalar() is None:
                return False
            values = {"conf_uid": entries.storable(conf_uid), "history_uid": history_uid}
            remember = insert_into(connection, settled).values(**values).on_conflict_do_nothing()
            await connection.execute(remember)
            return True

    async def _read(
        self, query: Select[Any], make: Callable[[Mapping[str, Any]], T]
    ) -> builtins.list[T]:
        made: builtins.list[T] = []
        async with (
            self._open_engine().connect() as connection,
            connection.stream(query) as result,
        ):
            async for part in result.mappings().partitions(_PART):
                made += [make(dict(row)) for row in part]
        return made

    @asynccontextmanager
    async def _write(self) -> AsyncIterator[AsyncConnection]:
        # In turn, and first come, first served: SQLite's own waiting is neither. While another
        # program keeps everybody waiting, nobody waits for those before him as well.
        try:
            with anyio.fail_after(BUSY_S):
                await self._writing.acquire()
        except TimeoutError:
            logger.warning("the database of conversations failed: others wait for it as well")
            raise busy() from None
        try:
            await self._follow_file()
            writer = self._open_engine().execution_options(**{WRITES: True})
            async with writer.begin() as connection:
                yield connection
        finally:
            self._writing.release()

    async def _follow_file(self) -> None:
        """Begin a new database where the file is gone: what is written to it would be lost."""
        before, file = self._open_engine(), database_file(parse_url(self._url))
        if await asyncio.to_thread(_identity, file) == self._opened:
            return
        logger.warning("the database of conversations is not there any more; a new one is made")
        self._engine = await self._connect()
        await before.dispose()

    def _open_engine(self) -> AsyncEngine:
        if self._engine is None:
            raise HistoryError(_CLOSED)
        return self._engine

    async def _run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do `work` in a task of its own: a connection that is cancelled midway is lost."""
        if self._closing:
            work.close()
            raise HistoryError(_CLOSED)
        return await asyncio.shield(self._begin(_explained(work)))

    def _begin(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        task.add_done_callback(_retrieve)
        return task


async def _explained(work: Coroutine[Any, Any, T]) -> T:
    try:
        return await work
    except HistoryError:
        raise
    except Exception as error:  # the task ends here, and drivers have many errors
        logger.warning("the database of conversations failed: {}", type(cause_of(error)).__name__)
        if not isinstance(error, SQLAlchemyError):
            logger.opt(exception=error).debug("not an error of a statement")
        raise explain(error) from error


def _retrieve(task: asyncio.Task[Any]) -> None:
    if not task.cancelled():
        task.exception()  # logged already; whoever waited may be gone


def _identity(file: Path | None) -> tuple[int, int] | None:
    """Return which file it is, whatever it is called; None for one that is not there."""
    try:
        found = file.stat() if file else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found else None


def _make_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)


def _rows_of(conf_uid: str, history_uid: str) -> Select[Any]:
    return (
        select(messages)
        .join(conversations, messages.c.conversation_id == conversations.c.id)
        .where(of(conf_uid, history_uid))
        .order_by(messages.c.id)
    )


def _summaries(conf_uid: str, *, marks: bool) -> Select[Any]:
    latest: ColumnElement[int] = conversations.c.latest_id
    if not marks:
        one = messages.alias("one")
        said = (
            select(one.c.id)
            .where(one.c.conversation_id == conversations.c.id, one.c.role.in_(("human", "ai")))
            .order_by(one.c.id.desc())
            .limit(1)  # so that nothing before it is read
            .scalar_subquery()
        )
        latest = func.coalesce(said, latest)
    return (
        select(conversations.c.history_uid, messages)
        .select_from(conversations)
        .join(messages, messages.c.id == latest)
        .where(of(conf_uid))
        .order_by(conversations.c.latest_at_s.desc(), conversations.c.latest_id.desc())
    )


def _summary(row: Mapping[str, Any]) -> HistorySummary:
    last = entries.to_message(row)
    return HistorySummary(uid=row["history_uid"], latest_message=last, timestamp=last.timestamp)
