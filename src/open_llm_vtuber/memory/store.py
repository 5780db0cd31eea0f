"""What is remembered of the people whose conversations are stored: kept, found, and forgotten."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from loguru import logger
from sqlalchemy import Connection, delete, func, select, update

from ..history import branches, branching
from ..history.branching import Removed
from ..history.entries import storable, to_entry
from ..history.errors import HistoryError
from ..history.memory_schema import memory_state
from ..history.reads import of
from ..history.schema import conversations
from ..history.session_history import said_now
from ..history.store import HistoryStore
from ..history.writes import WIPE, note_latest, note_wipe
from . import changes, file_changes, indexing, words
from .facts import current, read_facts
from .file_changes import FileChange
from .files import ImportedFiles
from .forgetting import delete_all, mentions
from .importing import Carried, take_in
from .recall import Recall
from .records import Candidates, Fact, Forgotten, Owner, QuestionVector, Recalled
from .rows import mine, on_branch


class MemoryStore:
    """Over the database of a HistoryStore that is open. Methods raise HistoryError.

    What was just said is in it once the keeper has indexed it.
    """

    def __init__(self, history: HistoryStore, files: Path | None = None) -> None:
        """`files` is the folder of JSON files from which conversations were imported."""
        self._history = history
        self._files = ImportedFiles(files) if files else None
        self._recall = Recall(history)
        self._wiping = asyncio.Lock()
        self._changing_files = asyncio.Lock()
        """Held so that no change is done twice: a second one would find another message alike."""
        self._forgotten = Counter[Owner]()

    def forgotten(self, owner: Owner) -> int:
        """Return how often something of an owner's was to be forgotten or corrected."""
        return self._forgotten[owner]

    async def open(self) -> None:
        """Have imported files lose what was deleted before: nobody puts that back any more."""
        await self._history.write(file_changes.release)

    async def begin(self, embedding: str | None) -> None:
        """Have indexed anew what other rules, or another model than `embedding`, have indexed."""
        await self._history.write(lambda connection: indexing.begin(connection, embedding))

    async def facts(self, owner: Owner) -> list[Fact]:
        """Return the facts that hold, pinned ones first, then the newest."""
        return await self._history.read(
            lambda connection: current(read_facts(connection, mine(owner) & on_branch()))[0]
        )

    async def candidates(
        self,
        owner: Owner,
        text: str,
        vector: QuestionVector | None,
        *,
        not_in: str | None,
        not_last: int | None = None,
        limit: int = 50,
    ) -> Candidates:
        """Return at most `limit` messages by words, and as many by vectors, that may be meant.

        `vector` is what `text` means, as a question. Of the conversation `not_in` the last
        `not_last` messages are left out, which stand in the prompt anyway; with None, all.
        """
        return await self._recall.candidates(
            owner, text, vector, not_in=not_in, not_last=not_last, limit=limit
        )

    async def warm(self, owner: Owner) -> None:
        """Read what `candidates` keeps in memory, so that it need not when it is asked."""
        await self._recall.warm(owner)

    async def last_spoke(self, owner: Owner, before_uid: str | None) -> datetime | None:
        """Return when something was last said, in local time, but not in `before_uid`."""
        where = mine(owner) & conversations.c.latest_id.is_not(None)
        where &= conversations.c.latest_at_s <= time.time()  # a clock may have been wrong
        if before_uid is not None:
            where &= conversations.c.history_uid != storable(before_uid)
        latest = select(func.max(conversations.c.latest_at_s)).where(where)
        at_s = await self._history.read(lambda connection: connection.execute(latest).scalar())
        return datetime.fromtimestamp(at_s) if at_s else None  # noqa: DTZ006 - as it is stored

    async def add(self, owner: Owner, history_uid: str, text: str) -> Fact:
        """Keep what the person asked to be remembered in a conversation, and return it.

        It comes from what they said last there, which must be stored.
        """
        return await self._history.write(
            lambda connection: changes.tell(connection, owner, history_uid, text)
        )

    async def take(self, owner: Owner, carried: Sequence[Carried]) -> None:
        """Remember what another memory knew, each as a message of a new conversation."""
        uid = self._history.new_uid()
        await self._history.write(lambda connection: take_in(connection, owner, uid, carried))
        self._history.changed.set()

    async def pin(self, owner: Owner, fact_id: int, pinned: bool = True) -> Fact:
        """Have a fact stand first, or not any more, and return it."""
        return await self._history.write(
            lambda connection: changes.pin(connection, owner, fact_id, pinned)
        )

    async def correct(self, owner: Owner, fact_id: int, text: str) -> Fact:
        """Have a fact say `text`, its sentence in the conversation too, and return it."""
        self._forgotten[owner] += 1

        def correct(connection: Connection) -> Fact:
            fact, sentence = changes.correct(connection, owner, fact_id, text)
            if sentence:
                change = FileChange(owner.conf_uid, fact.history_uid, sentence, text)
                self._note_files(connection, [change])
            return fact

        fact = await self._history.write(correct)
        await self._changed([fact.message_id])
        await self.wipe()
        return fact

    async def forget(self, owner: Owner, fact_id: int) -> Forgotten:
        """Forget a fact for good, and return what else mentions it, the likeliest first.

        Its sentence goes from its message, which goes if nothing is left of it, from others in
        which it is remembered in the same words, and from what others in a group keep of those;
        what the tool was told in other words goes with the whole message it came from. Facts that
        it had superseded do not come back. On return nothing of it is in the files of SQLite, nor
        in an imported JSON file.
        """
        self._forgotten[owner] += 1

        def forget(connection: Connection) -> tuple[Fact, list[changes.Gone]]:
            fact, gone = changes.forget(connection, owner, fact_id)
            self._note_files(connection, _cuts(gone))
            return fact, gone

        fact, gone = await self._history.write(forget)
        await self._take_away(gone)
        told = "\n".join([fact.text, *(one.sentence for one in gone)])
        left = await self._history.read(lambda connection: mentions(connection, owner, told))
        return _forgotten(gone, left)

    async def forget_message(self, owner: Owner, message_id: int) -> Forgotten:
        """Forget one message for good, what others in a group keep of it, and what came from it."""
        self._forgotten[owner] += 1

        def forget(connection: Connection) -> list[changes.Gone]:
            gone = changes.forget_message(connection, owner, message_id)
            self._note_files(connection, _cuts(gone))
            return gone

        gone = await self._history.write(forget)
        await self._take_away(gone)
        return _forgotten(gone)

    async def take_out(self, owner: Owner, history_uid: str, message_id: str) -> Removed | None:
        """Delete a message that is on the branch of a conversation; return what puts it back.

        An imported file loses it when that is given up (`give_up`), or at the next start. None
        where there is no such message.
        """

        def take_out(connection: Connection) -> Removed | None:
            key = branching.lock(connection, owner.conf_uid, history_uid)
            nodes = [] if key is None else branching.tree(connection, key)
            target = branches.on_branch(nodes, message_id)
            if key is None or target is None:
                return None
            mark = branches.mark_of(nodes, message_id)
            ids = [target.id, *([mark.id] if mark else [])]
            removed = branching.take_out(connection, key, ids)
            note_latest(connection, key)
            note_wipe(connection)
            if not self._files:
                return removed
            names = owner.conf_uid, history_uid
            gone = [FileChange(*names, entry=json.dumps(to_entry(row))) for row in removed.rows]
            return replace(removed, held=file_changes.hold(connection, gone))

        self._forgotten[owner] += 1
        removed = await self._history.write(take_out)
        if removed:
            await self._changed(removed.ids)
        return removed

    async def put_back(self, owner: Owner, removed: Removed) -> bool:
        """Put back what was taken out; False where its conversation has gone meanwhile."""

        def put_back(connection: Connection) -> bool:
            done = branching.put_back(connection, removed)
            if done:
                note_latest(connection, removed.conversation_id)
                file_changes.drop(connection, removed.held)
            return done

        self._forgotten[owner] += 1
        done = await self._history.write(put_back)
        self._history.changed.set()
        return done

    async def give_up(self, removed: Sequence[Removed]) -> None:
        """Nobody puts back what was taken out: imported files lose it, too. Raises HistoryError.

        What cannot be changed now the keeper tries again.
        """
        if keys := [key for one in removed for key in one.held]:
            await self._history.write(lambda connection: file_changes.release(connection, keys))
            await self._change_files()
            self._history.changed.set()

    async def forget_everything(self, owner: Owner) -> None:
        """Delete all conversations of an owner for good, and their imported files."""
        self._forgotten[owner] += 1

        def forget(connection: Connection) -> None:
            uids = delete_all(connection, owner)
            file_changes.drop_of(connection, owner.conf_uid, set(uids))
            self._note_files(connection, {FileChange(owner.conf_uid, uid) for uid in uids})

        await self._history.write(forget)
        await self._recall.clear()
        self._history.changed.set()  # what cannot be wiped now is wiped by the keeper
        await self.wipe()

    async def keep(
        self, conf_uid: str, history_uid: str, *, remembered: bool, person: str = ""
    ) -> None:
        """Have a conversation remembered, or not; it stays stored either way.

        Not remembered, it has no facts and is not found. One that has not begun begins like that,
        as one of `person`.
        """
        owner, begun_at = Owner(conf_uid, person), said_now("system", "").timestamp
        self._forgotten[owner] += 1
        await self._changed(
            await self._history.write(
                lambda connection: changes.keep(
                    connection, owner, history_uid, begun_at, remembered=remembered
                )
            )
        )

    async def keeps(self, conf_uid: str, history_uid: str) -> bool:
        """Return whether a conversation may be remembered; one that has not begun may."""
        found = select(conversations.c.remembered).where(of(conf_uid, history_uid))
        return await self._history.read(lambda connection: connection.scalar(found)) is not False

    async def take_over(self, person: str) -> None:
        """Have all conversations be those of `person` that are of who gave no name."""
        change = update(conversations).where(conversations.c.person == "")
        named = change.values(person=storable(person))
        await self._history.write(lambda connection: connection.execute(named).close())
        await self._recall.clear()

    async def wipe(self) -> bool:
        """Leave nothing of what was deleted in imported files and the database's, if anything was.

        Returns whether that is so; it can not be while another program reads. Raises HistoryError
        where an imported file cannot be changed, too: that keeps nothing else from it.
        """
        async with self._wiping:
            failure = await self._change_files()
            is_wiped = await self._wipe_database()
        if failure:
            raise failure
        return is_wiped

    async def _wipe_database(self) -> bool:
        where = memory_state.c.key == WIPE
        wanted = select(memory_state.c.value).where(where)
        value = await self._history.read(lambda connection: connection.scalar(wanted))
        if value is None:
            return True
        await self._history.write(words.merge)
        if not await self._history.wipe():
            logger.warning("what was forgotten is not wiped yet: another program reads it")
            return False
        done = delete(memory_state).where(where, memory_state.c.value == value)
        await self._history.write(lambda connection: connection.execute(done).close())
        return True

    async def _take_away(self, gone: Sequence[changes.Gone]) -> None:
        """Take what is deleted out of memory, imported files and the database's bytes."""
        self._forgotten.update({one.owner for one in gone})
        await self._changed([one.message_id for one in gone])
        await self.wipe()

    async def _changed(self, message_ids: Collection[int]) -> None:
        """Have the vectors of messages forgotten, and the messages indexed as they are now."""
        await self._recall.discard(message_ids)
        self._history.changed.set()

    def _note_files(self, connection: Connection, changes: Iterable[FileChange]) -> None:
        if self._files:
            file_changes.note(connection, changes)

    async def _change_files(self) -> HistoryError | None:
        """Do what is noted; return what kept some of it from being done."""
        failure: HistoryError | None = None
        stuck = set[tuple[str, str]]()
        if not (files := self._files):
            return None
        async with self._changing_files:
            for key, change in (await self._history.read(file_changes.noted)).items():
                if (change.conf_uid, change.history_uid) in stuck:
                    continue  # what was noted first is done first
                try:
                    await asyncio.to_thread(change.do, files)
                except OSError as error:
                    stuck.add((change.conf_uid, change.history_uid))
                    failure = HistoryError(
                        "A file from which a conversation was imported can not be changed "
                        f"({error.strerror}). Give this user the right to write to it, or delete "
                        "it."
                    )
                else:
                    await self._history.write(partial(file_changes.done, key=key))
        return failure


def _cuts(gone: Iterable[changes.Gone]) -> set[FileChange]:
    return {FileChange(one.owner.conf_uid, one.history_uid, one.sentence) for one in gone}


def _forgotten(gone: Sequence[changes.Gone], mentions: Sequence[Recalled] = ()) -> Forgotten:
    return Forgotten(
        frozenset(one.history_uid for one in gone),
        frozenset(one.sentence for one in gone),
        mentions,
    )
