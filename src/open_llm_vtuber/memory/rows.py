"""What of the stored conversations is whose, and its rows made into records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    func,
    not_,
    select,
)

from ..history.branches import ON_BRANCH
from ..history.entries import is_of_other, storable
from ..history.reads import of
from ..history.schema import conversations, messages
from .records import Owner, Recalled

MAX_NAME_CHARS = 80
"""More of a name is not told: an imported file may have anything there."""

_COLUMNS = (
    messages.c.id,
    conversations.c.history_uid,
    messages.c.role,
    messages.c.name,
    messages.c.content,
    messages.c.timestamp,
    messages.c.original,
)


def mine(owner: Owner) -> ColumnElement[bool]:
    """Return what holds for the conversations of an owner that may be remembered."""
    return and_(
        of(owner.conf_uid),
        conversations.c.person == storable(owner.person),
        conversations.c.remembered,
    )


def on_branch() -> ColumnElement[bool]:
    """Return what holds for messages of which no other version is chosen."""
    return messages.c.aside == ON_BRANCH


def is_mine(owner: Owner) -> ColumnElement[bool]:
    """Return the same for messages that are found already.

    It is looked up in no index: else SQLite goes through all conversations of the owner instead.
    """
    return and_(
        conversations.c.conf_uid.concat("") == storable(owner.conf_uid),
        conversations.c.person == storable(owner.person),
        conversations.c.remembered,
    )


def said() -> ColumnElement[bool]:
    """Return what holds for messages that somebody said, the character too."""
    return messages.c.role.in_(("human", "ai"))


def elsewhere(conversation_id: int, since_id: int) -> ColumnElement[bool]:
    """Return what holds for messages that are not among the last of a conversation."""
    return not_(and_(messages.c.conversation_id == conversation_id, messages.c.id >= since_id))


def last_of(
    connection: Connection, conf_uid: str, history_uid: str, number: int | None
) -> tuple[int, int] | None:
    """Return the id of a conversation and of the first of its last `number` messages, None for all.

    None if there is no such conversation.
    """
    where = of(conf_uid, history_uid)
    key = connection.execute(select(conversations.c.id).where(where)).scalar()
    if key is None:
        return None
    if number is None:
        return key, 0
    last = (
        select(messages.c.id)
        .where(messages.c.conversation_id == key, said(), on_branch())
        .order_by(messages.c.id.desc())
        .limit(number)
        .subquery()
    )
    first = connection.execute(select(func.min(last.c.id))).scalar()
    return (key, first) if first is not None else None


def found_by(found: FromClause, where: ColumnElement[bool]) -> Select[Any]:
    """Return the query for the messages of `found`, which has `message_id` and `score`."""
    return (
        select(*_COLUMNS, found.c.score)
        .select_from(found)
        .join(messages, messages.c.id == found.c.message_id)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(where)
        .order_by(found.c.score.desc())
    )


def scored(
    connection: Connection, scores: Mapping[int, float], where: ColumnElement[bool]
) -> list[Recalled]:
    """Return the messages that have a score, by id, and for which `where` holds; best first."""
    rows = connection.execute(
        select(*_COLUMNS)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(messages.c.id.in_(list(scores)), where)
    ).mappings()
    found = [recalled(dict(row), scores[row["id"]]) for row in rows]
    return sorted(found, key=lambda each: -each.score)


def recalled(row: Mapping[str, Any], score: float) -> Recalled:
    """Return a row of a query for messages as a record."""
    name = row["name"]
    if row["role"] == "human" and not is_of_other(row):
        name = None  # the person may have had another name then
    return Recalled(
        row["id"],
        row["history_uid"],
        row["role"],
        name and " ".join(name.split())[:MAX_NAME_CHARS],
        row["content"],
        row["timestamp"],
        score,
    )
