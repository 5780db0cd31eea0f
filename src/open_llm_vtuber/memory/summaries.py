"""The summaries of long conversations, in the transaction of the caller."""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, insert, select

from ..history.entries import storable
from ..history.memory_schema import summaries
from ..history.reads import of
from ..history.schema import conversations, messages
from ..history.writes import note_wipe
from . import words
from .records import Owner, Summary
from .rows import on_branch, said
from .terms import terms

LOOKED_BACK = 40
"""Among so many messages more than are said to stay the first of them is looked for."""
MENTIONS_SHARE = 0.25
"""How much of what tells a sentence from others is in a summary that mentions it."""


def read(connection: Connection, owner: Owner, history_uid: str) -> Summary | None:
    """Return the summary of a conversation, if it has one."""
    found = connection.execute(
        select(summaries)
        .join(conversations, conversations.c.id == summaries.c.conversation_id)
        .where(of(owner.conf_uid, history_uid))
    ).first()
    if found is None:
        return None
    covered = select(func.count()).where(
        messages.c.conversation_id == found.conversation_id,
        messages.c.id < found.before_message_id,
        messages.c.content != "",
        said(),
        on_branch(),
    )
    return Summary(found.text, connection.execute(covered).scalar_one())


def write(
    connection: Connection, owner: Owner, history_uid: str, text: str, follows: str, newest: int
) -> None:
    """Store a summary, where the message is found that `follows`, about the `newest`th last."""
    where = of(owner.conf_uid, history_uid) & conversations.c.remembered
    key = connection.execute(select(conversations.c.id).where(where)).scalar()
    if key is None:
        return
    last = (
        select(messages.c.id, messages.c.role, messages.c.content)
        .where(messages.c.conversation_id == key, on_branch())
        .order_by(messages.c.id.desc())
        .limit(2 * newest + LOOKED_BACK)
    )
    wanted = "human", storable(follows)
    found = [
        (abs(index - newest), row.id)
        for index, row in enumerate(connection.execute(last), 1)
        if (row.role, row.content) == wanted
    ]
    if found:
        _, first = min(found)
        drop(connection, key)
        values = {"conversation_id": key, "before_message_id": first, "text": storable(text)}
        connection.execute(insert(summaries).values(values))


def drop(connection: Connection, *conversation_ids: int) -> None:
    """Delete the summaries of some conversations for good."""
    gone = delete(summaries).where(summaries.c.conversation_id.in_(conversation_ids))
    if connection.execute(gone).rowcount:
        note_wipe(connection)


def drop_about(connection: Connection, owner: Owner, message_id: int, sentence: str) -> None:
    """Delete the summary that a message is in, and whichever of the owner's mentions a sentence."""
    of_message = select(messages.c.conversation_id).where(messages.c.id == message_id)
    own = connection.execute(of_message).scalar()
    found = connection.execute(
        select(summaries.c.conversation_id, summaries.c.text)
        .join(conversations, conversations.c.id == summaries.c.conversation_id)
        .where(of(owner.conf_uid), conversations.c.person == storable(owner.person))
    ).all()
    told = words.weights(connection, terms(sentence))
    least = MENTIONS_SHARE * sum(told.values())
    about = [
        key
        for key, text in found
        if key == own or sum(told[term] for term in told.keys() & set(terms(text))) >= least
    ]
    drop(connection, *about)
