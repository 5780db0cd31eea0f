"""The facts as they are stored, and which of them still hold."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from ..history.entries import fold, moment_s, storable
from ..history.memory_schema import facts
from ..history.schema import conversations, messages
from .records import DrawnFact, Fact

_AHEAD_S = 86_400.0
"""So far ahead a time may lie: that of another time zone."""


@dataclass(frozen=True)
class StoredFact:
    """A fact, and what only the store needs of it."""

    fact: Fact
    conversation_id: int
    sentence: str
    """How it stands in its message; "" where it never stood there."""
    retired: bool
    """Whether what took its place was forgotten."""
    moment_s: float
    """When it was said, in seconds since 1970; 0 where nobody knows."""


def read_facts(connection: Connection, where: ColumnElement[bool]) -> list[StoredFact]:
    """Return the facts for which `where` holds, which may speak of conversations, newest first."""
    rows = connection.execute(
        select(facts, conversations.c.history_uid, messages.c.timestamp)
        .join(messages, messages.c.id == facts.c.message_id)
        .join(conversations, conversations.c.id == facts.c.conversation_id)
        .where(where)
    ).mappings()
    found = [_stored(dict(row)) for row in rows]
    return sorted(found, key=_age, reverse=True)


def current(newest_first: Iterable[StoredFact]) -> tuple[list[Fact], dict[int, int]]:
    """Return the facts that hold, pinned ones first, then the newest.

    Also return which message of an older fact was superseded by which message: by itself where the
    newer one was forgotten.
    """
    holding: dict[tuple[bool, str], Fact] = {}
    superseded: dict[int, int] = {}
    for each in newest_first:
        fact = each.fact
        key = (True, fact.slot) if fact.slot else (False, fold(fact.text))
        newer = holding.get(key)
        if newer:
            superseded.setdefault(fact.message_id, newer.message_id)
        elif each.retired:
            superseded.setdefault(fact.message_id, fact.message_id)
        else:
            holding[key] = fact
    sources = {fact.message_id for fact in holding.values()}
    older = {key: value for key, value in superseded.items() if key not in sources}
    return sorted(holding.values(), key=lambda fact: not fact.pinned), older


def replace_drawn(
    connection: Connection, conversation_id: int, message_id: int, drawn: Sequence[DrawnFact]
) -> None:
    """Store what was found in a message, in the place of what was found before.

    What the person changed by hand stays.
    """
    before = connection.execute(select(facts).where(facts.c.message_id == message_id)).mappings()
    kept, known = set[str](), dict[DrawnFact, int]()
    for row in before:
        if row["edited"] or row["pinned"] or row["retired"] or not row["sentence"]:
            kept.add(row["sentence"])
        else:
            known[DrawnFact(row["sentence"], row["kind"], row["slot"], _day(row["day"]))] = row[
                "id"
            ]
    wanted = [replace(each, text=storable(each.text)) for each in drawn]
    gone = [key for each, key in known.items() if each not in wanted]
    if gone:
        connection.execute(delete(facts).where(facts.c.id.in_(gone)))
    for each in dict.fromkeys(wanted):
        if each not in known and each.text not in kept:
            insert_fact(connection, conversation_id, message_id, each, sentence=each.text)


def add_retired(
    connection: Connection, conversation_id: int, message_id: int, drawn: Sequence[DrawnFact]
) -> None:
    """Note what is found in a message of which something was forgotten, as what holds no more.

    That is what the forgotten had taken the place of. What was known of the message stays.
    """
    known = select(facts.c.sentence).where(facts.c.message_id == message_id)
    sentences = set(connection.execute(known).scalars())
    for each in drawn:
        sentence = storable(each.text)
        if sentence not in sentences:
            key = insert_fact(connection, conversation_id, message_id, each, sentence=sentence)
            change_fact(connection, key, retired=True)


def insert_fact(
    connection: Connection,
    conversation_id: int,
    message_id: int,
    fact: DrawnFact,
    *,
    sentence: str,
) -> int:
    """Store a fact and return its id."""
    values = {
        "conversation_id": conversation_id,
        "message_id": message_id,
        "kind": fact.kind,
        "slot": storable(fact.slot),
        "text": storable(fact.text),
        "sentence": sentence,
        "day": fact.day and fact.day.isoformat(),
    }
    new = insert(facts).values(**values).returning(facts.c.id)
    return int(connection.execute(new).scalar_one())


def change_fact(connection: Connection, fact_id: int, **values: Any) -> None:
    """Change columns of a fact."""
    connection.execute(update(facts).where(facts.c.id == fact_id).values(**values))


def retire(connection: Connection, older: Iterable[StoredFact]) -> None:
    """Have facts not come back, though what took their place is forgotten."""
    connection.execute(
        update(facts).where(facts.c.id.in_([each.fact.id for each in older])).values(retired=True)
    )


def _age(each: StoredFact) -> tuple[float, int, int]:
    return each.moment_s, each.fact.message_id, each.fact.id


def _stored(row: dict[str, Any]) -> StoredFact:
    fact = Fact(
        row["text"],
        row["kind"],
        row["slot"],
        _day(row["day"]),
        id=row["id"],
        message_id=row["message_id"],
        history_uid=row["history_uid"],
        said_at=row["timestamp"],
        pinned=row["pinned"],
        edited=row["edited"],
    )
    moment = moment_s(fact.said_at, fact.history_uid)
    if moment > time.time() + _AHEAD_S:  # a clock was wrong: else nothing newer would ever hold
        moment = 0.0
    return StoredFact(fact, row["conversation_id"], row["sentence"], row["retired"], moment)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
