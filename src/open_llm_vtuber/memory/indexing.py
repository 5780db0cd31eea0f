"""What the keeper reads and writes: messages that wait to be indexed, and their index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Connection,
    case,
    delete,
    exists,
    insert,
    select,
    update,
)

from ..history.entries import is_of_other, is_unremembered
from ..history.memory_schema import memory_state, vectors
from ..history.schema import conversations, messages
from ..history.writes import insert_into
from . import words
from .facts import add_retired, replace_drawn
from .records import DrawnFact

RULES = "1"
"""Counted up when terms or facts are found by other rules: all is indexed anew then."""

EMBEDDING = "embedding"
"""The key of `memory_state` that names the model whose vectors are stored."""

WAITS, HAS_WORDS, HAS_VECTOR, NOTHING_TO_INDEX, WAITS_CUT = range(5)
"""How far a message is, in `messages.indexed`; of WAITS_CUT something was forgotten."""


@dataclass(frozen=True)
class Waiting:
    """A message that waits to be indexed."""

    id: int
    conversation_id: int
    history_uid: str
    text: str
    timestamp: str
    remembered: bool
    """Whether its conversation may be remembered."""
    is_said: bool
    """Whether somebody said it, the character too."""
    by_person: bool
    """Whether the person whose memory it is said it: neither the character, nor another person."""
    stage: int
    """At which it was read."""

    @property
    def indexable(self) -> bool:
        """Whether there is to be anything of it in the index."""
        return self.is_said and self.remembered and bool(self.text.strip())


@dataclass(frozen=True)
class Indexed:
    """What is found in a message."""

    message: Waiting
    terms: Sequence[str] = ()
    facts: Sequence[DrawnFact] = ()


def begin(connection: Connection, embedding: str | None) -> None:
    """Have all that was indexed by other rules, or embedded by another model, wait once more.

    `embedding` names the model, None where there is none for now.
    """
    if _change_state(connection, "rules", RULES):
        connection.execute(update(messages).values(indexed=WAITS))
    if embedding is not None and _change_state(connection, EMBEDDING, embedding):
        connection.execute(delete(vectors))
        embedded = update(messages).where(messages.c.indexed == HAS_VECTOR)
        connection.execute(embedded.values(indexed=HAS_WORDS))


def waiting(connection: Connection, stage: int, limit: int) -> list[Waiting]:
    """Return messages that are at a stage, the newest first."""
    rows = connection.execute(
        select(messages, conversations.c.history_uid, conversations.c.remembered)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(messages.c.indexed == stage)
        .order_by(messages.c.id.desc())
        .limit(limit)
    ).mappings()
    return [_waiting(dict(row)) for row in rows]


def store_words(connection: Connection, found: Sequence[Indexed]) -> None:
    """Store the terms and facts of messages of one stage, unless one has changed meanwhile."""
    same = _same(connection, [each.message for each in found])
    found = [each for each in found if each.message.id in same]
    nothing = [each.message.id for each in found if not each.message.indexable]
    indexed = [each for each in found if each.message.indexable]
    words.drop(connection, nothing)
    words.put(connection, [(each.message.id, each.terms) for each in indexed])
    for each in indexed:
        if each.facts or each.message.by_person:
            message = each.message
            draw = add_retired if message.stage == WAITS_CUT else replace_drawn
            draw(connection, message.conversation_id, message.id, each.facts)
    has_vector = exists().where(vectors.c.message_id == messages.c.id)
    _note(connection, nothing, NOTHING_TO_INDEX)
    connection.execute(
        update(messages)
        .where(messages.c.id.in_([each.message.id for each in indexed]))
        .values(indexed=case((has_vector, HAS_VECTOR), else_=HAS_WORDS))
    )


def store_vectors(connection: Connection, found: Mapping[Waiting, Sequence[bytes]]) -> None:
    """Store the vectors of messages, any number for each, unless one has changed meanwhile."""
    same = _same(connection, list(found))
    rows = [
        {"message_id": message.id, "vector": vector}
        for message, of_message in found.items()
        for vector in of_message
        if message.id in same
    ]
    if rows:
        connection.execute(insert(vectors), rows)
    _note(connection, [message.id for message in found if message.id in same], HAS_VECTOR)


def unindex(connection: Connection, message_ids: Sequence[int], stage: int) -> None:
    """Take messages out of the index; they wait to be indexed anew, at a stage."""
    words.drop(connection, message_ids)
    connection.execute(delete(vectors).where(vectors.c.message_id.in_(message_ids)))
    _note(connection, message_ids, stage)


def _waiting(row: Mapping[str, Any]) -> Waiting:
    return Waiting(
        row["id"],
        row["conversation_id"],
        row["history_uid"],
        row["content"],
        row["timestamp"],
        row["remembered"],
        is_said=row["role"] in ("human", "ai") and not is_unremembered(row),
        by_person=row["role"] == "human" and not is_of_other(row),
        stage=row["indexed"],
    )


def _same(connection: Connection, found: Sequence[Waiting]) -> set[int]:
    """Return the ids of messages that are as they were, and lock them."""
    before = {message.id: (message.text, message.remembered, message.stage) for message in found}
    rows = connection.execute(
        select(messages.c.id, messages.c.content, conversations.c.remembered, messages.c.indexed)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(messages.c.id.in_(list(before)))
        .order_by(messages.c.id)
        .with_for_update(of=messages)
    )
    return {key for key, *now in rows if before[key] == tuple(now)}


def _note(connection: Connection, message_ids: Sequence[int], stage: int) -> None:
    if message_ids:
        found = update(messages).where(messages.c.id.in_(message_ids))
        connection.execute(found.values(indexed=stage))


def _change_state(connection: Connection, key: str, value: str) -> bool:
    """Keep a value; return whether another one, or none, was kept before."""
    kept = select(memory_state.c.value).where(memory_state.c.key == key)
    if connection.execute(kept).scalar() == value:
        return False
    new = insert_into(connection, memory_state).values(key=key, value=value)
    set_ = {"value": value}
    connection.execute(new.on_conflict_do_update(index_elements=["key"], set_=set_))
    return True
