"""How conversations are read: the queries, and their rows made into whatever is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from ..protocol.outgoing import HistorySummary
from . import entries
from .branches import ON_BRANCH
from .schema import conversations, messages, settled

T = TypeVar("T")
_PART = 200  # rows made into something at a time: about a millisecond


def read(
    connection: Connection, query: Select[Any], make: Callable[[Mapping[str, Any]], T]
) -> list[T]:
    """Return what `make` makes of each row."""
    made: list[T] = []
    found = connection.execution_options(yield_per=_PART).execute(query)
    for part in found.mappings().partitions():
        made += [make(dict(row)) for row in part]
    return made


def of(conf_uid: str, history_uid: str | None = None) -> ColumnElement[bool]:
    """Return what holds for the conversations of a character, or for one of them."""
    mine = conversations.c.conf_uid == entries.storable(conf_uid)
    if history_uid is None:
        return mine
    return and_(mine, conversations.c.history_uid == entries.storable(history_uid))


def characters() -> Select[Any]:
    """Return the query for the conf_uid of every character with a conversation."""
    return select(conversations.c.conf_uid).distinct().order_by(conversations.c.conf_uid)


def uids(conf_uid: str) -> Select[Any]:
    """Return the query for the names of all conversations of a character, empty ones too."""
    return (
        select(conversations.c.history_uid)
        .where(of(conf_uid))
        .order_by(conversations.c.history_uid)
    )


def settled_uids(conf_uid: str) -> Select[Any]:
    """Return the query for the names of those whose files are not imported (again)."""
    return select(settled.c.history_uid).where(settled.c.conf_uid == entries.storable(conf_uid))


def rows_of(conf_uid: str, history_uid: str) -> Select[Any]:
    """Return the query for all rows of a conversation, on the branch or not, in order."""
    return (
        select(messages)
        .join(conversations, messages.c.conversation_id == conversations.c.id)
        .where(of(conf_uid, history_uid))
        .order_by(messages.c.id)
    )


def branch_of(conf_uid: str, history_uid: str) -> Select[Any]:
    """Return the query for all rows on the branch of a conversation, in order."""
    return rows_of(conf_uid, history_uid).where(messages.c.aside == ON_BRANCH)


def messages_of(conf_uid: str, history_uid: str) -> Select[Any]:
    """Return the query for the messages of a conversation, those of the system too, in order."""
    return branch_of(conf_uid, history_uid).where(messages.c.role != entries.HIDDEN)


def summaries(conf_uid: str, *, marks: bool) -> Select[Any]:
    """Return the query for the conversations that hold anything, the newest first.

    Without `marks` the latest message is one that somebody said, if there is any.
    """
    latest: ColumnElement[int] = conversations.c.latest_id
    if not marks:
        one = messages.alias("one")
        said = (
            select(one.c.id)
            .where(
                one.c.conversation_id == conversations.c.id,
                one.c.role.in_(("human", "ai")),
                one.c.aside == ON_BRANCH,
            )
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


def holds(words: str) -> ColumnElement[bool]:
    """Return what holds for conversations in which somebody said `words`, folded."""
    said = messages.alias("said")
    return (
        select(said.c.id)
        .where(
            said.c.conversation_id == conversations.c.id,
            said.c.role.in_(("human", "ai")),
            said.c.aside == ON_BRANCH,
            said.c.folded.contains(words, autoescape=True),
        )
        .exists()
    )


def summary(row: Mapping[str, Any]) -> HistorySummary:
    """Return a row of `summaries`."""
    last = entries.to_message(row)
    return HistorySummary(uid=row["history_uid"], latest_message=last, timestamp=last.timestamp)
