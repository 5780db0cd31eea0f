"""What is remembered elsewhere, taken in: each thing as a message of a conversation of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from ..history.entries import fold, from_message, storable, to_row
from ..history.schema import conversations, messages
from ..history.writes import begin_empty, note_latest
from ..protocol.outgoing import HistoryMessage
from .facts import change_fact, current, insert_fact, read_facts
from .records import DrawnFact, Owner
from .rows import mine, on_branch


@dataclass(frozen=True, kw_only=True)
class Carried(DrawnFact):
    """A fact as another memory had it."""

    said_at: str
    """Local time as ISO 8601."""
    pinned: bool = False
    edited: bool = False


def take_in(
    connection: Connection, owner: Owner, history_uid: str, carried: Sequence[Carried]
) -> None:
    """Store what is not known yet, in a conversation that begins with it.

    What the rules find in a message is found in these as well; what the person has asked for,
    corrected or pinned is stored as it comes.
    """
    by_text = {fold(each.text): each for each in carried}
    for known in _known(connection, owner, list(by_text)):
        by_text.pop(known, None)
    new = sorted(by_text.values(), key=lambda each: each.said_at)
    if not new:
        return
    names = storable(owner.conf_uid), history_uid, storable(owner.person)
    conversation = begin_empty(connection, *names, new[0].said_at)
    for each in new:
        said = HistoryMessage(role="human", timestamp=each.said_at, content=each.text)
        row = {"conversation_id": conversation, **to_row(from_message(said))}
        message = connection.execute(insert(messages).values(row).returning(messages.c.id))
        by_hand = each.edited or each.kind == "told"
        if by_hand or each.pinned:
            key = insert_fact(
                connection, conversation, message.scalar_one(), each, sentence=storable(each.text)
            )
            change_fact(connection, key, pinned=each.pinned, edited=by_hand)
    note_latest(connection, conversation)


def _known(connection: Connection, owner: Owner, texts: Sequence[str]) -> set[str]:
    """Return what of some folded texts is remembered, or was said as such."""
    facts, _ = current(read_facts(connection, mine(owner) & on_branch()))
    said = (
        select(messages.c.folded)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(mine(owner), on_branch(), messages.c.folded.in_(texts))
    )
    return {fold(fact.text) for fact in facts} | set(connection.execute(said).scalars())
