"""How conversations are written: many in few statements, in the transaction of the caller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    Text,
    bindparam,
    cast,
    delete,
    func,
    insert,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import sqlite

from . import branching, entries, picture_rows
from .branches import ON_BRANCH, mark_of
from .memory_schema import memory_state
from .reads import of
from .schema import conversations, messages, settled

_PART = 200  # rows in one statement
WIPE = "wipe"
"""The key of `memory_state` that is there while deleted words may still be in the files."""

_NAMES = (conversations.c.conf_uid, conversations.c.history_uid)
_EXISTING = (
    select(*_NAMES, conversations.c.id, conversations.c.remembered)
    .where(tuple_(*_NAMES).in_(bindparam("names", expanding=True)))
    .order_by(*_NAMES)
    .with_for_update()
)
_NOTE_LATEST = (
    update(conversations)
    .where(conversations.c.id == bindparam("key"))
    .values(
        latest_id=select(func.max(messages.c.id))
        .where(
            messages.c.conversation_id == conversations.c.id,
            messages.c.role != entries.HIDDEN,
            messages.c.aside == ON_BRANCH,
        )
        .scalar_subquery(),
        latest_at_s=bindparam("at_s"),
    )
)


@dataclass(frozen=True)
class Conversation:
    """A whole conversation, or what is added to one: rows as of `entries.to_row`."""

    history_uid: str
    rows: Sequence[Mapping[str, Any]]
    person: str = ""
    """Whose it is, if it is begun now."""
    remembered: bool = True
    """Whether anything of these rows may be remembered."""

    def latest_at_s(self) -> float:
        """Return when its last message was written, in seconds since 1970."""
        said = [row["timestamp"] for row in self.rows if row["role"] != entries.HIDDEN]
        return entries.moment_s(said[-1] if said else "", self.history_uid)


def append_all(
    connection: Connection,
    added: Sequence[tuple[str, Conversation]],
    most_bytes: int = picture_rows.MOST_BYTES,
) -> None:
    """Add to conversations of characters, by conf_uid; those that do not exist yet are begun.

    Of pictures each keeps `most_bytes`.
    """
    said: dict[tuple[str, str], Conversation] = {}
    for conf_uid, each in added:
        key = conf_uid, each.history_uid
        before = said[key].rows if key in said else ()
        said[key] = replace(each, rows=[*before, *each.rows])
    # The rows are locked from here on, so that ids follow each other in order of commit; in one
    # order, so that nobody deadlocks.
    order = sorted(said)
    existing = connection.execute(_EXISTING, {"names": order})
    ids: dict[tuple[str, str], int] = {}
    for conf, uid, key, remembered in existing:
        ids[conf, uid] = key
        if remembered and not (each := said[conf, uid]).remembered:
            said[conf, uid] = replace(each, rows=[entries.unremembered(row) for row in each.rows])
    for name in order:
        if name not in ids:
            ids[name], begun = _begin(connection, *name, said[name])
            if begun:
                rows = [_first(said[name].rows[0]["timestamp"]), *said[name].rows]
                said[name] = replace(said[name], rows=rows)
    _add_rows(connection, {ids[name]: each for name, each in said.items()})
    for name, each in said.items():
        for row in each.rows:
            if shown := row.get("pictures"):
                picture_rows.add(connection, ids[name], row["uid"], shown, most_bytes)


def settle_all(connection: Connection, conf_uid: str, found: Sequence[Conversation]) -> int:
    """Store whole conversations that are neither settled nor there; return how many those were."""
    new = 0
    in_order = sorted(found, key=lambda each: each.history_uid)  # so that nobody deadlocks
    for start in range(0, len(in_order), _PART):
        part = {each.history_uid: each for each in in_order[start : start + _PART]}
        new += _settle_part(connection, conf_uid, part)
    return new


def delete_one(connection: Connection, conf_uid: str, history_uid: str) -> bool:
    """Delete a conversation and leave its name; False if it is unknown."""
    gone = delete(conversations).where(of(conf_uid, history_uid)).returning(conversations.c.id)
    if connection.execute(gone).scalar() is None:
        return False
    values = {"conf_uid": conf_uid, "history_uid": history_uid}
    connection.execute(insert_into(connection, settled).values(**values).on_conflict_do_nothing())
    note_wipe(connection)
    return True


def begin_empty(
    connection: Connection, conf_uid: str, history_uid: str, person: str, timestamp: str
) -> int:
    """Begin a conversation before anything is said in it; return its id, whoever began it."""
    empty = Conversation(history_uid, (), person)
    where = of(conf_uid, history_uid)
    found = connection.execute(select(conversations.c.id).where(where)).scalar()
    if found is not None:
        return int(found)
    key, begun = _begin(connection, conf_uid, history_uid, empty)
    if begun:
        connection.execute(insert(messages).values(conversation_id=key, **_first(timestamp)))
    return key


def note_latest(connection: Connection, conversation_id: int) -> bool:
    """Note which message of a conversation is the last one; return whether there is any."""
    last = connection.execute(
        select(messages.c.timestamp, conversations.c.history_uid)
        .join(conversations, messages.c.conversation_id == conversations.c.id)
        .where(
            conversations.c.id == conversation_id,
            messages.c.role != entries.HIDDEN,
            messages.c.aside == ON_BRANCH,
        )
        .order_by(messages.c.id.desc())
        .limit(1)
    ).first()
    at_s = entries.moment_s(*last) if last else 0.0
    connection.execute(_NOTE_LATEST, [{"key": conversation_id, "at_s": at_s}])
    return last is not None


def note_wipe(connection: Connection) -> None:
    """Have the bytes of what is deleted wiped later."""
    add = insert_into(connection, memory_state).values(key=WIPE, value="1")
    again = {"value": cast(cast(memory_state.c.value, Integer) + 1, Text)}
    connection.execute(add.on_conflict_do_update(index_elements=["key"], set_=again))


def _first(timestamp: str) -> dict[str, Any]:
    """Return the row with which a conversation begins, as its JSON file does."""
    return entries.to_row({"role": entries.HIDDEN, "timestamp": timestamp})


def insert_into(connection: Connection, table: Any) -> Any:
    """Return an INSERT that knows ON CONFLICT, which both databases spell alike."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # for who has such a server

        return postgresql.insert(table)
    return sqlite.insert(table)


def _begin(
    connection: Connection, conf_uid: str, history_uid: str, said: Conversation
) -> tuple[int, bool]:
    """Make the row of a conversation; return its id, and False if another process was faster."""
    values = {"latest_at_s": said.latest_at_s()}
    new = insert_into(connection, conversations).values(
        conf_uid=conf_uid,
        history_uid=history_uid,
        person=said.person,
        remembered=said.remembered,
        **values,
    )
    made = new.on_conflict_do_update(index_elements=["conf_uid", "history_uid"], set_=values)
    returning = made.returning(conversations.c.id, conversations.c.latest_id)
    key, latest = connection.execute(returning).one()
    return key, latest is None


def _settle_part(connection: Connection, conf_uid: str, found: Mapping[str, Conversation]) -> int:
    where = [{"conf_uid": conf_uid, "history_uid": uid} for uid in found]
    remember = insert_into(connection, settled).values(where).on_conflict_do_nothing()
    unsettled = set(connection.execute(remember.returning(settled.c.history_uid)).scalars())
    values = [
        {**each, "latest_at_s": found[each["history_uid"]].latest_at_s()}
        for each in where
        if each["history_uid"] in unsettled
    ]
    if not values:
        return 0
    make = insert_into(connection, conversations).values(values).on_conflict_do_nothing()
    returning = make.returning(conversations.c.id, conversations.c.history_uid)
    made = connection.execute(returning).all()
    _add_rows(connection, {key: found[uid] for key, uid in made})
    return len(made)


def _add_rows(connection: Connection, added: Mapping[int, Conversation]) -> None:
    """Insert rows by the id of their conversation, and note which is the last one and when."""
    values: list[dict[str, Any]] = []
    for key, each in added.items():
        for number, row in enumerate(each.rows):
            placed = {"uid": None, "parent": None, **row, "conversation_id": key}
            place = placed.pop("place", None)
            placed.pop("pictures", None)
            if place:
                _insert(connection, values)  # it may follow one of them
                values = []
                placed["parent"] = branching.branch_off(connection, key, place)
            elif number == 0:
                placed["parent"] = branching.parent_of_next(connection, key)
            values.append(placed)
            if place and place.drops:
                _insert(connection, values)
                values = []
                _drop(connection, key, place.drops)
    _insert(connection, values)
    times = [{"key": key, "at_s": each.latest_at_s()} for key, each in added.items()]
    if times:
        connection.execute(_NOTE_LATEST, times)


def _insert(connection: Connection, values: Sequence[Mapping[str, Any]]) -> None:
    for start in range(0, len(values), _PART):
        connection.execute(insert(messages), values[start : start + _PART])


def _drop(connection: Connection, key: int, ref: str) -> None:
    """Delete a version whose words are in the one that takes its place."""
    nodes = branching.tree(connection, key)
    mark = mark_of(nodes, ref)
    gone = [one.id for one in nodes if one.ref == ref or one is mark]
    if gone:
        branching.take_out(connection, key, gone)
