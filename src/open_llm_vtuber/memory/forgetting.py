"""How what was said is forgotten, or corrected, in the transaction of the caller."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, delete, select, update

from ..history import entries
from ..history.branching import take_out
from ..history.memory_schema import facts
from ..history.reads import of
from ..history.schema import conversations, messages
from ..history.writes import delete_one, note_latest, note_wipe
from . import words
from .cutting import corrected, cut
from .indexing import WAITS, WAITS_CUT, unindex
from .records import Owner, Recalled
from .rows import is_mine
from .terms import terms

MOST_MENTIONS = 20
OF_CONVERSATION = conversations.c.conf_uid, conversations.c.history_uid, conversations.c.person
_COPIED_WITHIN_S = 2.0
"""Each who is in a group keeps what is said there by a clock of their own, to the second."""
_LEAST_SHARE = 0.25
"""How much of what tells a sentence from others must be in a message that mentions it."""


def cut_sentence(connection: Connection, message_id: int, sentence: str) -> None:
    """Take a sentence out of a message, and the message away if nothing is left of it.

    A title that says the sentence goes, too.
    """
    _untitle(connection, message_id, sentence)
    left = _rewrite(connection, message_id, lambda entry: cut(entry, sentence), WAITS_CUT)
    if left is None:
        delete_message(connection, message_id)
        return
    of_message = select(facts.c.id, facts.c.sentence).where(facts.c.message_id == message_id)
    gone = [key for key, stood in connection.execute(of_message) if stood not in left]
    connection.execute(delete(facts).where(facts.c.id.in_(gone)))
    note_wipe(connection)


def correct_sentence(connection: Connection, message_id: int, sentence: str, text: str) -> None:
    """Have a message say `text` where it said `sentence`."""
    _rewrite(connection, message_id, lambda entry: corrected(entry, sentence, text), WAITS)
    note_wipe(connection)


def delete_message(connection: Connection, message_id: int) -> None:
    """Delete a message; if it was the last of its conversation, that goes too."""
    found = select(messages.c.conversation_id).where(messages.c.id == message_id)
    key = connection.execute(found).scalar()
    if key is not None:
        take_out(connection, key, [message_id])
    if key is not None and not note_latest(connection, key):
        names = select(conversations.c.conf_uid, conversations.c.history_uid)
        delete_one(connection, *connection.execute(names.where(conversations.c.id == key)).one())
    note_wipe(connection)


def delete_all(connection: Connection, owner: Owner) -> list[str]:
    """Delete all conversations of an owner, and return their names."""
    whose = conversations.c.person == entries.storable(owner.person)
    found = select(conversations.c.history_uid).where(of(owner.conf_uid), whose)
    uids = list(connection.execute(found).scalars())
    for uid in uids:
        delete_one(connection, entries.storable(owner.conf_uid), uid)
    return uids


def mentions(connection: Connection, owner: Owner, sentence: str) -> list[Recalled]:
    """Return messages that share what is rare in a sentence; the score is how much of it, to 1."""
    told = words.weights(connection, terms(sentence))
    whole = sum(told.values())
    found = []
    for each in words.find(connection, told, is_mine(owner), 10 * MOST_MENTIONS):
        share = sum(told[term] for term in told.keys() & set(terms(each.text))) / whole
        if share >= _LEAST_SHARE:
            found.append(replace(each, score=share))
    return sorted(found, key=lambda each: -each.score)[:MOST_MENTIONS]


def copies(connection: Connection, said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what others who were in a group keep of a message of a person, as rows like it."""
    if said["role"] != "human" or entries.is_of_other(said):
        return []
    same = messages.c.content == said["content"]
    rows = connection.execute(
        select(messages, *OF_CONVERSATION)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(same, messages.c.role == "human", messages.c.original.is_not(None))
    ).mappings()
    at_s = entries.moment_s(said["timestamp"], "")
    return [
        row
        for row in map(dict[str, Any], rows)
        if entries.is_of_other(row)
        and abs(entries.moment_s(row["timestamp"], "") - at_s) <= _COPIED_WITHIN_S
    ]


def _untitle(connection: Connection, message_id: int, sentence: str) -> None:
    """Take the title away that a person gave to a message's conversation, if it says a sentence."""
    own = select(messages.c.conversation_id).where(messages.c.id == message_id).scalar_subquery()
    said = conversations.c.title_folded.contains(entries.fold(sentence.strip()), autoescape=True)
    named = update(conversations).where(conversations.c.id == own, said)
    connection.execute(named.values(title=None, title_folded=None))


def _rewrite(
    connection: Connection, message_id: int, change: Callable[[Any], Any], stage: int
) -> str | None:
    """Change a message, which is at a stage then, and return what it says now.

    None if nothing, then it is left alone.
    """
    found = select(messages).where(messages.c.id == message_id).with_for_update()
    entry = change(entries.to_entry(dict(connection.execute(found).mappings().one())))
    if entry is None:
        return None
    columns = entries.to_row(entry)
    unindex(connection, [message_id], stage)
    connection.execute(update(messages).where(messages.c.id == message_id).values(**columns))
    return str(columns["content"])
