"""Messages that may be meant by a question, found by words and by vectors."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from functools import partial

from loguru import logger
from sqlalchemy import (
    Connection,
    and_,
    func,
    select,
)

from ..history.memory_schema import memory_state, vectors
from ..history.schema import conversations, messages
from ..history.store import HistoryStore
from ..shielded import ShieldedTasks
from . import words
from .facts import current, read_facts
from .indexing import EMBEDDING
from .records import Candidates, Owner, QuestionVector
from .rows import elsewhere, is_mine, last_of, mine, on_branch, scored
from .terms import terms
from .vectors import NOTHING, RESCORED, Likeness, VectorIndex

_ROWS_AT_ONCE = 5000
_MOST_OWNERS = 16
"""Whose vectors are kept in memory: 440 bytes for each message."""


class Recall:
    """Belongs to one store; keeps the vectors that it has read."""

    def __init__(self, history: HistoryStore) -> None:
        self._history = history
        self._indexes: dict[Owner, VectorIndex] = {}
        self._space: str | None = None
        """The model whose vectors these are."""
        self._one_at_a_time = asyncio.Lock()
        # Who speaks does not wait long, and a hundred thousand vectors take seconds to read: begun
        # anew by each question, they would never be there.
        self._reading = ShieldedTasks(_not_read)

    async def candidates(
        self,
        owner: Owner,
        text: str,
        vector: QuestionVector | None,
        *,
        not_in: str | None,
        not_last: int | None,
        limit: int,
    ) -> Candidates:
        """Return what may be meant; see `MemoryStore.candidates`. Raises HistoryError."""
        asked = await asyncio.to_thread(terms, text)
        like = NOTHING
        if vector is not None:
            like = await self._reading.run(self._most_like(owner, vector))

        def read(connection: Connection) -> Candidates:
            where = and_(is_mine(owner), on_branch())
            if not_in and (last := last_of(connection, owner.conf_uid, not_in, not_last)):
                where = and_(where, elsewhere(*last))
            facts, superseded = current(read_facts(connection, and_(mine(owner), on_branch())))
            return Candidates(
                words.find(connection, asked, where, limit),
                scored(connection, like.scores, where)[:limit],
                like.mean,
                like.deviation,
                superseded,
                facts,
            )

        return await self._history.read(read)

    async def warm(self, owner: Owner) -> None:
        """Read the vectors of an owner before they are needed. Raises HistoryError."""
        await self._reading.run(self._warm(owner))

    async def discard(self, message_ids: Collection[int]) -> None:
        """Forget the vectors of messages."""
        async with self._one_at_a_time:
            for index in self._indexes.values():
                await asyncio.to_thread(index.discard, message_ids)

    async def clear(self) -> None:
        """Read all vectors anew when they are next needed."""
        async with self._one_at_a_time:
            self._indexes.clear()

    async def _warm(self, owner: Owner) -> None:
        async with self._one_at_a_time:
            await self._index(owner)

    async def _most_like(self, owner: Owner, vector: QuestionVector) -> Likeness:
        async with self._one_at_a_time:
            index = await self._index(owner)
            if index is None or self._space != vector.space:
                return NOTHING
            return await asyncio.to_thread(index.most_like, vector.numbers, RESCORED)

    async def _index(self, owner: Owner) -> VectorIndex | None:
        """Return the vectors of an owner as they are now; None if there are none."""
        index = self._indexes.pop(owner, None)
        while True:
            read_to = index.read_to if index else 0
            space, newest, rows = await self._history.read(
                partial(_new_vectors, owner=owner, seen=read_to)
            )
            if space != self._space:
                self._indexes.clear()
                self._space = space
                if index:
                    index = None
                    continue
            if rows:
                index = index or VectorIndex(len(rows[0][2]))
                added = [(message, vector) for _, message, vector in rows]
                await asyncio.to_thread(index.add, added)
                index.read_to = rows[-1][0]
            if len(rows) < _ROWS_AT_ONCE:
                break
        if index:
            index.read_to = newest
            self._indexes[owner] = index  # as the one that was used last
            if len(self._indexes) > _MOST_OWNERS:
                del self._indexes[next(iter(self._indexes))]
        return index


def _not_read(error: BaseException) -> None:
    logger.debug("vectors were not read: {!r}", error)  # whoever waits still is told


def _new_vectors(
    connection: Connection, owner: Owner, seen: int
) -> tuple[str | None, int, list[tuple[int, int, bytes]]]:
    """Return the model, the id of the newest row of all, and an owner's next rows after `seen`."""
    embedding = select(memory_state.c.value).where(memory_state.c.key == EMBEDDING)
    space = connection.execute(embedding).scalar()
    newest = connection.execute(select(func.coalesce(func.max(vectors.c.id), 0))).scalar_one()
    found = (
        select(vectors.c.id, vectors.c.message_id, vectors.c.vector)
        .join(messages, messages.c.id == vectors.c.message_id)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(vectors.c.id > seen, is_mine(owner))
        .order_by(vectors.c.id)
        .limit(_ROWS_AT_ONCE)
    )
    rows = [(key, message, vector) for key, message, vector in connection.execute(found)]
    return space, newest, rows
