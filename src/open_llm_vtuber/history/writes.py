"""How conversations are written: many in few statements, in the transaction of the caller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    func,
    insert,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from . import entries
from .schema import conversations, messages, settled

_PART = 200  # rows in one statement


@dataclass(frozen=True)
class Conversation:
    """A whole conversation, or what is added to one: rows as of `entries.to_row`."""

    history_uid: str
    rows: Sequence[Mapping[str, Any]]

    def latest_at_s(self) -> float:
        """Return when its last message was written, in seconds since 1970."""
        said = [row["timestamp"] for row in self.rows if row["role"] != entries.HIDDEN]
        return entries.moment_s(said[-1] if said else "", self.history_uid)


async def append_all(
    connection: AsyncConnection, added: Sequence[tuple[str, Conversation]]
) -> None:
    """Add to conversations of characters, by conf_uid; those that do not exist yet are begun."""
    said: dict[tuple[str, str], Conversation] = {}
    for conf_uid, each in added:
        key = conf_uid, each.history_uid
        before = said[key].rows if key in said else ()
        said[key] = Conversation(each.history_uid, [*before, *each.rows])
    # The rows are locked from here on, so that ids follow each other in order of commit; in one
    # order, so that nobody deadlocks.
    order = sorted(said)
    where = tuple_(conversations.c.conf_uid, conversations.c.history_uid)
    existing = (
        select(conversations.c.conf_uid, conversations.c.history_uid, conversations.c.id)
        .where(where.in_(order))
        .order_by(conversations.c.conf_uid, conversations.c.history_uid)
        .with_for_update()
    )
    ids = {(conf, uid): key for conf, uid, key in await connection.execute(existing)}
    for name in order:
        if name not in ids:
            ids[name], begun = await _begin(connection, *name, said[name])
            if begun:
                first = {"role": entries.HIDDEN, "timestamp": said[name].rows[0]["timestamp"]}
                rows = [entries.to_row(first), *said[name].rows]
                said[name] = Conversation(said[name].history_uid, rows)
    await _add_rows(connection, {ids[name]: each for name, each in said.items()})


async def settle_part(
    connection: AsyncConnection, conf_uid: str, found: Mapping[str, Conversation]
) -> int:
    """Store whole conversations that are neither settled nor there; return how many those were."""
    where = [{"conf_uid": conf_uid, "history_uid": uid} for uid in found]
    remember = insert_into(connection, settled).values(where).on_conflict_do_nothing()
    unsettled = set((await connection.execute(remember.returning(settled.c.history_uid))).scalars())
    values = [
        {**each, "latest_at_s": found[each["history_uid"]].latest_at_s()}
        for each in where
        if each["history_uid"] in unsettled
    ]
    if not values:
        return 0
    make = insert_into(connection, conversations).values(values).on_conflict_do_nothing()
    returning = make.returning(conversations.c.id, conversations.c.history_uid)
    made = (await connection.execute(returning)).all()
    await _add_rows(connection, {key: found[uid] for key, uid in made})
    return len(made)


def insert_into(connection: AsyncConnection, table: Any) -> Any:
    """Return an INSERT that knows ON CONFLICT, which both databases spell alike."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)


def of(conf_uid: str, history_uid: str | None = None) -> ColumnElement[bool]:
    """Return what holds for the conversations of a character, or for one of them."""
    mine = conversations.c.conf_uid == entries.storable(conf_uid)
    if history_uid is None:
        return mine
    return and_(mine, conversations.c.history_uid == entries.storable(history_uid))


async def _begin(
    connection: AsyncConnection, conf_uid: str, history_uid: str, said: Conversation
) -> tuple[int, bool]:
    """Make the row of a conversation; return its id, and False if another process was faster."""
    values = {"latest_at_s": said.latest_at_s()}
    new = insert_into(connection, conversations).values(
        conf_uid=conf_uid, history_uid=history_uid, **values
    )
    made = new.on_conflict_do_update(index_elements=["conf_uid", "history_uid"], set_=values)
    returning = made.returning(conversations.c.id, conversations.c.latest_id)
    key, latest = (await connection.execute(returning)).one()
    return key, latest is None


async def _add_rows(connection: AsyncConnection, added: Mapping[int, Conversation]) -> None:
    """Insert rows by the id of their conversation, and note which is the last one and when."""
    values = [{**row, "conversation_id": key} for key, each in added.items() for row in each.rows]
    for start in range(0, len(values), _PART):
        await connection.execute(insert(messages), values[start : start + _PART])
    latest = (
        select(func.max(messages.c.id))
        .where(messages.c.conversation_id == conversations.c.id, messages.c.role != entries.HIDDEN)
        .scalar_subquery()
    )
    note = (
        update(conversations)
        .where(conversations.c.id == bindparam("key"))
        .values(latest_id=latest, latest_at_s=bindparam("at_s"))
    )
    times = [{"key": key, "at_s": each.latest_at_s()} for key, each in added.items()]
    if times:
        await connection.execute(note, times)
