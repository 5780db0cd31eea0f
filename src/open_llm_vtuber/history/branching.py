"""How the branch of a stored conversation changes, in the transaction of the caller."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select, update

from . import branches, picture_rows
from .branches import Node
from .memory_schema import facts, summaries
from .new_version import Place
from .reads import of
from .schema import conversations, messages

_COLUMNS = messages.c.id, messages.c.uid, messages.c.parent, messages.c.aside, messages.c.role


@dataclass(frozen=True)
class Removed:
    """What was taken out of a conversation, to be put back."""

    conversation_id: int
    rows: Sequence[Mapping[str, Any]]
    facts: Sequence[Mapping[str, Any]]
    """Those that a person has changed by hand; the others are found anew."""
    before: Sequence[Node]
    """How the conversation was."""
    shown: Sequence[picture_rows.Shown] = ()
    """The pictures that were shown with it."""
    held: Sequence[str] = ()
    """What is to be done once it can be put back no more: keys of the memory's `file_changes`."""

    @property
    def ids(self) -> list[int]:
        """Of the rows."""
        return [row["id"] for row in self.rows]

    @property
    def pictures_bytes(self) -> int:
        """How much memory its pictures take."""
        return sum(len(one.picture.data) for one in self.shown)


def lock(connection: Connection, conf_uid: str, history_uid: str) -> int | None:
    """Return the id of a conversation that nobody else changes meanwhile; None if it is unknown."""
    wanted = select(conversations.c.id).where(of(conf_uid, history_uid)).with_for_update()
    return connection.execute(wanted).scalar()


def tree(connection: Connection, conversation_id: int) -> list[Node]:
    """Return a conversation as a tree."""
    where = messages.c.conversation_id == conversation_id
    wanted = select(*_COLUMNS).where(where).order_by(messages.c.id)
    return branches.nodes_of(_rows(connection, wanted))


def parent_of_next(connection: Connection, conversation_id: int) -> str | None:
    """Return what the next message follows; None where that is the row before it anyway."""
    inside = messages.c.conversation_id == conversation_id
    last = select(*_COLUMNS).where(inside).order_by(messages.c.id.desc()).limit(1)
    newest = _rows(connection, last)
    tip = _rows(connection, last.where(messages.c.aside == branches.ON_BRANCH))
    if newest == tip:
        return None
    return branches.ref_of(tip[0]) if tip else branches.ROOT


def branch_off(connection: Connection, conversation_id: int, place: Place) -> str | None:
    """Make room for a new version; return what it follows.

    Where that is not on the branch any more, it is what the next message would.
    """
    before = tree(connection, conversation_id)
    after = place.after
    if after is None:
        after = next((one.parent for one in before if one.ref == place.beside), None)
    nodes = None if after is None else branches.cut_after(before, after)
    if nodes is None:
        return parent_of_next(connection, conversation_id)
    arrange(connection, conversation_id, nodes)
    return after


def choose(connection: Connection, conversation_id: int, ref: str) -> bool:
    """Choose a version, and what was chosen behind it; False if there is none of this name."""
    nodes = branches.chosen(tree(connection, conversation_id), ref)
    if nodes is None:
        return False
    arrange(connection, conversation_id, nodes)
    return True


def take_out(connection: Connection, conversation_id: int, ids: Collection[int]) -> Removed:
    """Delete rows, and return what puts them back."""
    before = tree(connection, conversation_id)
    inside = messages.c.conversation_id == conversation_id, messages.c.id.in_(ids)
    rows = _rows(connection, select(messages).where(*inside).order_by(messages.c.id))
    by_hand = facts.c.message_id.in_(ids), facts.c.pinned | facts.c.edited
    known = _rows(connection, select(facts).where(*by_hand))
    shown = picture_rows.of_messages(connection, ids)
    _drop_summary(connection, conversation_id, ids)
    connection.execute(delete(messages).where(*inside))
    if shown:
        picture_rows.drop_unshown(connection, conversation_id)
    arrange(connection, conversation_id, branches.without(before, ids))
    return Removed(conversation_id, rows, known, before, shown)


def put_back(connection: Connection, removed: Removed) -> bool:
    """Put back what was taken out; False where its conversation has gone meanwhile."""
    key = removed.conversation_id
    there = select(conversations.c.id).where(conversations.c.id == key).with_for_update()
    if connection.execute(there).scalar() is None:
        return False
    nodes = branches.with_again(tree(connection, key), removed.before, removed.ids)
    connection.execute(insert(messages), [{**row, "indexed": 0} for row in removed.rows])
    if removed.facts:
        connection.execute(insert(facts), removed.facts)
    picture_rows.put(connection, key, removed.shown)
    _drop_summary(connection, key, removed.ids)
    arrange(connection, key, nodes)
    return True


def arrange(connection: Connection, conversation_id: int, wanted: Iterable[Node]) -> None:
    """Have the rows of a conversation follow one another, and stand, like this."""
    now = {one.id: one for one in tree(connection, conversation_id)}
    changed = [one for one in wanted if one != now.get(one.id)]
    for one in changed:
        values: dict[str, object] = {"aside": one.aside}
        if one.parent != now[one.id].parent:
            values["parent"] = one.parent
        connection.execute(update(messages).where(messages.c.id == one.id).values(values))
    _drop_summary(connection, conversation_id, [one.id for one in changed])


def _drop_summary(connection: Connection, conversation_id: int, ids: Collection[int]) -> None:
    """Delete the summary of a conversation if it is of any of these messages."""
    if ids:
        of_these = (
            summaries.c.conversation_id == conversation_id,
            summaries.c.before_message_id > min(ids),
        )
        connection.execute(delete(summaries).where(*of_these))


def _rows(connection: Connection, wanted: Select[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(wanted).mappings()]
