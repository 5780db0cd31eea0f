"""The stored conversations: a message is on the disk when `append` returns."""

from __future__ import annotations

import asyncio
import builtins
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import anyio
from loguru import logger
from sqlalchemy import Connection, Select
from sqlalchemy.exc import SQLAlchemyError

from ..faults import fault
from ..protocol.outgoing import HistoryMessage, HistorySummary
from ..shielded import ShieldedTasks
from . import branches, branching, entries, picture_rows, reads, uids
from .database import Database, database
from .errors import HistoryError, busy, cause_of, explain, is_busy
from .new_version import NewVersion
from .pictures import Picture, pictures_of
from .sqlite import BUSY_S
from .uids import valid_uid
from .urls import database_file, parse_url, resolve_url
from .writes import Conversation, append_all, delete_one, note_latest, settle_all

__all__ = ["Conversation", "HistoryError", "HistoryStore", "resolve_url", "valid_uid"]

T = TypeVar("T")
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

    def __init__(
        self,
        url: str,
        most_pictures_bytes: int = picture_rows.MOST_BYTES,
        answer_s: float = 30.0,
    ) -> None:
        """`most_pictures_bytes` is how much one conversation keeps of pictures.

        `answer_s` is how long a server of a database may take for one statement.
        """
        self._url = url
        self._answer_s = answer_s
        self._most_pictures_bytes = most_pictures_bytes
        self._database: Database | None = None
        self._writing = asyncio.Lock()
        self._said: builtins.list[_Said] = []
        self._appending = False
        self._tasks = ShieldedTasks(lambda _: None)  # what fails is logged already
        self._closing = False
        self.changed = asyncio.Event()
        """Set when something was stored or deleted; whoever waits for it clears it."""

    async def open(self) -> None:
        """Connect, and create the file and the tables where they are missing."""
        self._closing = False
        opening = database(self._url, self._answer_s)
        try:
            await self._run(opening.open())
        except HistoryError as error:
            await opening.close()
            file = database_file(parse_url(self._url))
            if file is None:
                raise
            # For who starts the server; at the page no paths are shown.
            raise HistoryError(f"{error} It is {file}.") from error
        self._database = opening

    async def close(self) -> None:
        """Finish what was begun and disconnect."""
        self._closing = True
        await self._tasks.finished()
        closing, self._database = self._database, None
        if closing is not None:
            await closing.close()

    @staticmethod
    def new_uid() -> str:
        """Return a name for a new conversation: a local date, a time and a random part."""
        return uids.new_uid()

    async def append(
        self,
        conf_uid: str,
        history_uid: str,
        messages: Sequence[HistoryMessage],
        *,
        person: str = "",
        remembered: bool = True,
    ) -> None:
        """Store `messages`, all or none; they are durable on return.

        `person` is whose conversation it is, if it begins with them, and `remembered` whether
        anything of them may be remembered.
        """
        if not valid_uid(history_uid):
            raise HistoryError(
                "That can not be the name of a conversation. Create a new one.",
                fault("history-unknown"),
            )
        conf_uid, person = entries.storable(conf_uid), entries.storable(person)

        def whole(rows: Sequence[Mapping[str, Any]]) -> Conversation:
            return Conversation(history_uid, rows, person, remembered)

        if any(message.pictures for message in messages):
            await self._tasks.run(self._append_shown(conf_uid, messages, whole))
        elif messages:
            await self._append(conf_uid, whole(_rows(messages)))

    async def messages(self, conf_uid: str, history_uid: str) -> builtins.list[HistoryMessage]:
        """Return the messages in order, those of the system too; none if it is unknown."""
        return await self._read(
            reads.messages_of(conf_uid, history_uid), entries.to_message_of_group
        )

    async def branch(self, conf_uid: str, history_uid: str) -> builtins.list[HistoryMessage]:
        """Return the messages on the branch, each with its id and its versions."""

        def read(connection: Connection) -> builtins.list[HistoryMessage]:
            rows = reads.read(connection, reads.rows_of(conf_uid, history_uid), dict[str, Any])
            versions = branches.versions(branches.nodes_of(rows))
            shown = picture_rows.names(connection, conf_uid, history_uid)
            return [
                entries.to_message_of_branch(row, versions, shown)
                for row in rows
                if row["role"] != entries.HIDDEN and row["aside"] == branches.ON_BRANCH
            ]

        return await self.read(read)

    async def picture(self, conf_uid: str, history_uid: str, name: str) -> Picture | None:
        """Return a picture that was shown in a conversation; None if there is none of this name."""
        return await self.read(lambda one: picture_rows.one(one, conf_uid, history_uid, name))

    async def pictures(
        self, conf_uid: str, history_uid: str, message_id: str
    ) -> builtins.list[str]:
        """Return the pictures that were shown with a message, as data URLs."""

        def read(connection: Connection) -> builtins.list[str]:
            found = picture_rows.of_message(connection, conf_uid, history_uid, message_id)
            return [one.data_url for one in found]

        return await self.read(read)

    async def choose(self, conf_uid: str, history_uid: str, message_id: str) -> bool:
        """Have a version of a message, and what follows it, be what was said; False if unknown."""

        def choose(connection: Connection) -> bool:
            key = branching.lock(connection, conf_uid, history_uid)
            if key is None or not branching.choose(connection, key, message_id):
                return False
            note_latest(connection, key)
            return True

        return await self.write(choose)

    async def list(self, conf_uid: str, *, marks: bool = True) -> builtins.list[HistorySummary]:
        """Return the conversations that hold anything, newest first.

        Without `marks` the latest message is one that somebody said, if there is any.
        """
        return await self._read(reads.summaries(conf_uid, marks=marks), reads.summary)

    async def search(
        self, conf_uid: str, query: str, *, marks: bool = True
    ) -> builtins.list[HistorySummary]:
        """Return the conversations in which somebody said `query`, newest first.

        `marks` is that of `list`. Neither case nor width count. Of a long query the first 1,000
        characters are looked for.
        """
        wanted = entries.fold(query[: entries.MAX_QUERY_CHARS])
        found = reads.summaries(conf_uid, marks=marks).where(reads.holds(wanted))
        return await self._read(found, reads.summary)

    async def delete(self, conf_uid: str, history_uid: str) -> bool:
        """Remove a conversation and all its messages for good; False if it is unknown."""
        if not valid_uid(history_uid):
            return False
        conf_uid = entries.storable(conf_uid)
        deleted = await self.write(lambda connection: delete_one(connection, conf_uid, history_uid))
        self.changed.set()
        return deleted

    # What the importer and the exporter need.

    async def characters(self) -> builtins.list[str]:
        """Return the conf_uid of every character with a conversation."""
        return await self._read(reads.characters(), lambda row: str(row["conf_uid"]))

    async def uids(self, conf_uid: str) -> builtins.list[str]:
        """Return the names of all conversations of a character, empty ones too."""
        return await self._read(reads.uids(conf_uid), lambda row: str(row["history_uid"]))

    async def entries(self, conf_uid: str, history_uid: str) -> builtins.list[Any]:
        """Return a conversation as its JSON file has it, unknown keys and metadata included.

        Such a file has one version of everything: what is set aside is not in it.
        """
        return await self._read(reads.branch_of(conf_uid, history_uid), entries.to_entry)

    async def settled(self, conf_uid: str) -> set[str]:
        """Return the names of the conversations whose files are not imported (again)."""
        found = reads.settled_uids(conf_uid)
        return set(await self._read(found, lambda row: str(row["history_uid"])))

    async def settle(self, conf_uid: str, found: Sequence[Conversation]) -> int:
        """Store whole conversations, all or none, and remember that they were imported.

        Those that are settled already, or exist, are left as they are. Returns how many were new.
        """
        conf_uid = entries.storable(conf_uid)
        new = await self.write(lambda connection: settle_all(connection, conf_uid, found))
        self.changed.set()
        return new

    # What is kept beside the conversations is read and written like them.

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` does, in a transaction that sees one state of the database."""
        return await self._run(self._opened().read(work))

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` does; all of it has reached the disk then, or nothing."""
        return await self._run(self._write(work))

    async def wipe(self) -> bool:
        """Leave nothing in the database's files of what was deleted; return whether that is so.

        Who reads does not wait for it, who writes does.
        """
        return await self._run(self._in_turn(lambda: self._opened().wipe()))

    # How it is done.

    async def _append_shown(
        self,
        conf_uid: str,
        said: Sequence[HistoryMessage],
        whole: Callable[[Sequence[Mapping[str, Any]]], Conversation],
    ) -> None:
        """Store messages with pictures, which are read beside the event loop."""
        await self._append(conf_uid, whole(await asyncio.to_thread(_rows, said)))

    async def _append(self, conf_uid: str, conversation: Conversation) -> None:
        stored = asyncio.get_running_loop().create_future()
        if self._closing:
            raise HistoryError(_CLOSED)
        self._said.append(_Said(conf_uid, conversation, stored))
        if not self._appending:
            self._appending = True
            self._tasks.start(self._append_waiting())
        await asyncio.shield(stored)

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
            added = [(each.conf_uid, each.conversation) for each in said]
            most = self._most_pictures_bytes
            await _explained(self._write(lambda one: append_all(one, added, most)))
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
            self.changed.set()

    async def _read(
        self, query: Select[Any], make: Callable[[Mapping[str, Any]], T]
    ) -> builtins.list[T]:
        return await self.read(lambda connection: reads.read(connection, query, make))

    async def _write(self, work: Callable[[Connection], T]) -> T:
        return await self._in_turn(lambda: self._opened().write(work))

    async def _in_turn(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        # In turn, and first come, first served: SQLite's own waiting is neither. While another
        # program keeps everybody waiting, nobody waits for those before him as well.
        try:
            with anyio.fail_after(BUSY_S):
                await self._writing.acquire()
        except TimeoutError:
            logger.warning("the database of conversations failed: others wait for it as well")
            raise busy() from None
        try:
            return await work()
        finally:
            self._writing.release()

    def _opened(self) -> Database:
        if self._database is None:
            raise HistoryError(_CLOSED)
        return self._database

    async def _run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do `work` in a task of its own: a connection that is cancelled midway is lost."""
        if self._closing:
            work.close()
            raise HistoryError(_CLOSED)
        return await self._tasks.run(_explained(work))


def _rows(messages: Sequence[HistoryMessage]) -> list[dict[str, Any]]:
    return [_row(message) for message in messages]


def _row(message: HistoryMessage) -> dict[str, Any]:
    row = {**entries.to_row(entries.from_message(message)), "uid": message.id}
    if message.pictures and message.id:
        row["pictures"] = pictures_of(message.pictures)
    return {**row, "place": message.place} if isinstance(message, NewVersion) else row


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
