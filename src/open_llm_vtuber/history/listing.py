"""The list of conversations as a page shows it: titles, pins, parts, and the places found in them.

Plain functions read and write it, in the transaction of the caller.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    false,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    update,
)

from ..protocol.outgoing import HistoryMessage
from . import entries, titles
from .branches import ON_BRANCH
from .reads import holds, of
from .schema import conversations, messages
from .writes import note_wipe

PLACES = 3
"""So many messages with the words are told of each conversation, the newest."""
_SAID = ("human", "ai")
_ORDER = conversations.c.pinned, conversations.c.latest_at_s, conversations.c.id


@dataclass(frozen=True)
class Place:
    """Where a conversation stands in the list: what comes after it is the next part."""

    pinned: bool
    at_s: float
    id: int

    def __str__(self) -> str:
        text = json.dumps([int(self.pinned), self.at_s, self.id])
        return base64.urlsafe_b64encode(text.encode()).decode()


def place(text: str) -> Place:
    """Return the place that a text names. Raises ValueError where it names none."""
    try:
        pinned, at_s, key = json.loads(base64.urlsafe_b64decode(text.encode()))
        return Place(bool(int(pinned)), float(at_s), int(key) % 2**63)
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError("not a place in the list") from error


@dataclass(frozen=True)
class Listed:
    """A conversation in the list."""

    conf_uid: str
    uid: str
    title: str
    named: bool
    pinned: bool
    people: tuple[str, ...]
    timestamp: str
    latest: HistoryMessage | None
    """What somebody said last."""
    found: list[HistoryMessage] = field(default_factory=list)
    """The newest messages with the words that were searched."""
    found_more: int = 0


def part(
    connection: Connection,
    conf_uid: str | None,
    words: str,
    after: Place | None,
    limit: int,
) -> tuple[list[Listed], Place | None]:
    """Return the conversations of a character, or of all, that come `after` one, and the last.

    The last is None where no more follow. `words` must be in them, or in their title, if there are
    any. The pinned ones come first, then those in which something was said last.
    """
    wanted = entries.fold(words)
    where: list[ColumnElement[bool]] = [conversations.c.latest_id.is_not(None)]
    if conf_uid is not None:
        where.append(of(conf_uid))
    if wanted:
        titled = conversations.c.title_folded.contains(wanted, autoescape=True)
        where.append(or_(holds(wanted), titled))
    if after is not None:
        here = literal(after.pinned), literal(after.at_s), literal(after.id)
        where.append(tuple_(*_ORDER) < tuple_(*here))
    query = _conversations().where(*where).order_by(*(column.desc() for column in _ORDER))
    rows = [dict(row) for row in connection.execute(query.limit(limit + 1)).mappings()]
    more, rows = len(rows) > limit, rows[:limit]
    last = rows[-1] if more else None
    following = Place(last["pinned"], last["latest_at_s"], last["id"]) if last else None
    return _listed(connection, rows, wanted), following


def one(connection: Connection, conf_uid: str, history_uid: str) -> Listed | None:
    """Return a conversation; None where there is none in which anything was said."""
    query = _conversations().where(of(conf_uid, history_uid))
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return _listed(connection, rows, "")[0] if rows and rows[0]["latest_id"] else None


def person_of(connection: Connection, conf_uid: str, history_uid: str) -> str:
    """Return whose conversation it is; "" where they gave no name."""
    found = select(conversations.c.person).where(of(conf_uid, history_uid))
    return str(connection.scalar(found) or "")


def give_title(
    connection: Connection, conf_uid: str, history_uid: str, title: str
) -> Listed | None:
    """Give a conversation a title, or with "" none; return it, None where it is unknown."""
    name = entries.storable(titles.given(title))
    values = {"title": name or None, "title_folded": entries.fold(name) if name else None}
    change = update(conversations).where(of(conf_uid, history_uid)).values(**values)
    if connection.execute(change).rowcount:
        note_wipe(connection)
    return one(connection, conf_uid, history_uid)


def pin(connection: Connection, conf_uid: str, history_uid: str, *, pinned: bool) -> Listed | None:
    """Have a conversation stand first, or no more; return it, None where it is unknown."""
    value = true() if pinned else false()
    where = of(conf_uid, history_uid)
    connection.execute(update(conversations).where(where).values(pinned=value))
    return one(connection, conf_uid, history_uid)


def rows_after(conf_uid: str, history_uid: str, last_id: int, limit: int) -> Select[Any]:
    """Return the query for the next rows of a conversation, all that its JSON file has."""
    return (
        select(messages)
        .join(conversations, messages.c.conversation_id == conversations.c.id)
        .where(of(conf_uid, history_uid), messages.c.id > last_id, messages.c.aside == ON_BRANCH)
        .order_by(messages.c.id)
        .limit(limit)
    )


def _conversations() -> Select[Any]:
    """Return the query for conversations, with the ids of what was said first and last in each."""
    said = messages.c.role.in_(_SAID)
    return select(
        conversations,
        _edge(messages.c.role == "human", first=True).label("begins_id"),
        _edge(messages.c.role == "ai", first=True).label("greets_id"),
        _edge(said, first=False).label("said_id"),
    )


def _edge(holding: ColumnElement[bool], *, first: bool) -> ColumnElement[int]:
    """Return the id of the first or the last message with words for which something holds."""
    own = messages.c.conversation_id == conversations.c.id
    key = messages.c.id
    said = holding, messages.c.content != "", messages.c.aside == ON_BRANCH
    found = select(key).where(own, *said)
    return found.order_by(key if first else key.desc()).limit(1).scalar_subquery()


def _listed(connection: Connection, rows: Sequence[dict[str, Any]], wanted: str) -> list[Listed]:
    edges = [
        key for row in rows for key in (row["begins_id"], row["greets_id"], row["said_id"]) if key
    ]
    # Where nobody has said anything, the last message is one of the system.
    edges += [row["latest_id"] for row in rows if not row["said_id"]]
    found = connection.execute(select(messages).where(messages.c.id.in_(edges))).mappings()
    by_id = {row["id"]: entries.to_message(dict(row)) for row in found}
    ids = [row["id"] for row in rows]
    people = _people(connection, ids)
    places = _places(connection, ids, wanted) if wanted else {}
    return [_one(row, by_id, people.get(row["id"], ()), places.get(row["id"])) for row in rows]


def _one(
    row: Mapping[str, Any],
    by_id: Mapping[int, HistoryMessage],
    people: Iterable[str],
    places: tuple[list[HistoryMessage], int] | None,
) -> Listed:
    latest = by_id.get(row["said_id"])
    last = latest or by_id.get(row["latest_id"])
    begins = by_id.get(row["begins_id"]) or by_id.get(row["greets_id"])
    names = tuple(people)
    own = titles.together(names) or (titles.beginning(begins.content) if begins else "")
    found, count = places or ([], 0)
    return Listed(
        conf_uid=row["conf_uid"],
        uid=row["history_uid"],
        title=row["title"] or own,
        named=row["title"] is not None,
        pinned=row["pinned"],
        people=names,
        timestamp=last.timestamp if last else "",
        latest=latest,
        found=found,
        found_more=count - len(found),
    )


def _people(connection: Connection, ids: Sequence[int]) -> dict[int, dict[str, None]]:
    """Return who else said something in conversations, in the order in which they first did."""
    # Only what others said has a mark in its entry, which is kept beside the columns then.
    others = messages.c.original.contains('"other": true', autoescape=True)
    found = connection.execute(
        select(messages.c.conversation_id, messages.c.name)
        .where(
            messages.c.conversation_id.in_(ids),
            messages.c.role == "human",
            messages.c.original.is_not(None),
            messages.c.aside == ON_BRANCH,
            others,
        )
        .group_by(messages.c.conversation_id, messages.c.name)
        .order_by(func.min(messages.c.id))
    )
    people: dict[int, dict[str, None]] = {}
    for key, name in found:
        if name:
            people.setdefault(key, {})[name] = None
    return people


def _places(
    connection: Connection, ids: Sequence[int], wanted: str
) -> dict[int, tuple[list[HistoryMessage], int]]:
    """Return the newest messages with the words in each conversation, and how many there are."""
    own = messages.c.conversation_id
    held = (
        select(
            messages.c.id,
            func.row_number().over(partition_by=own, order_by=messages.c.id.desc()).label("nth"),
            func.count().over(partition_by=own).label("number"),
        )
        .where(
            own.in_(ids),
            messages.c.role.in_(_SAID),
            messages.c.aside == ON_BRANCH,
            messages.c.folded.contains(wanted, autoescape=True),
        )
        .subquery()
    )
    newest = connection.execute(
        select(messages, held.c.number)
        .join(held, held.c.id == messages.c.id)
        .where(held.c.nth <= PLACES)
        .order_by(messages.c.id.desc())
    ).mappings()
    places: dict[int, tuple[list[HistoryMessage], int]] = {}
    for row in newest:
        found, _ = places.setdefault(row["conversation_id"], ([], row["number"]))
        found.append(entries.to_message(dict(row)))
    return places
