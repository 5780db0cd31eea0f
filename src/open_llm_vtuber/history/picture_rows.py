"""How the pictures of messages are stored and read, in the transaction of the caller.

A conversation keeps each picture once, however often it was shown there. It goes with the last
message that shows it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select

from .pictures import Picture
from .reads import of
from .schema import conversations, message_pictures, messages, pictures

MOST_BYTES = 64 * 2**20
"""So much one conversation keeps, unless somebody says otherwise."""


@dataclass(frozen=True)
class Shown:
    """A picture at its place in a message."""

    message_id: int
    position: int
    picture: Picture


def add(
    connection: Connection,
    conversation_id: int,
    uid: str,
    new: Sequence[Picture],
    most_bytes: int = MOST_BYTES,
) -> None:
    """Store the pictures of the message called `uid`.

    Where the conversation has more than `most_bytes` then, those that were not shown for longest
    go.
    """
    where = messages.c.conversation_id == conversation_id, messages.c.uid == uid
    message_id = connection.execute(select(messages.c.id).where(*where)).scalar()
    if message_id is None:
        return
    shown = [Shown(message_id, position, one) for position, one in enumerate(new)]
    put(connection, conversation_id, shown)
    _make_room(connection, conversation_id, most_bytes)


def put(connection: Connection, conversation_id: int, shown: Iterable[Shown]) -> None:
    """Store pictures with messages that are stored."""
    inside = pictures.c.conversation_id == conversation_id
    there = connection.execute(select(pictures.c.name, pictures.c.id).where(inside))
    known = {str(name): int(key) for name, key in there}
    for one in shown:
        name = one.picture.name
        if name not in known:
            known[name] = connection.execute(
                insert(pictures)
                .values(
                    conversation_id=conversation_id,
                    name=name,
                    mime_type=one.picture.mime_type,
                    size_bytes=len(one.picture.data),
                    data=one.picture.data,
                )
                .returning(pictures.c.id)
            ).scalar_one()
        place = {"message_id": one.message_id, "position": one.position}
        connection.execute(insert(message_pictures).values(**place, picture_id=known[name]))


def of_messages(connection: Connection, ids: Collection[int]) -> list[Shown]:
    """Return the pictures of messages by the ids of their rows, in order."""
    wanted = (
        select(
            message_pictures.c.message_id,
            message_pictures.c.position,
            pictures.c.name,
            pictures.c.mime_type,
            pictures.c.data,
        )
        .join(pictures, pictures.c.id == message_pictures.c.picture_id)
        .where(message_pictures.c.message_id.in_(ids))
        .order_by(message_pictures.c.message_id, message_pictures.c.position)
    )
    return [
        Shown(message_id, position, Picture(name, mime_type, data))
        for message_id, position, name, mime_type, data in connection.execute(wanted)
    ]


def drop_unshown(connection: Connection, conversation_id: int) -> None:
    """Delete the pictures of a conversation that no message shows any more."""
    shows = select(message_pictures.c.picture_id).where(
        message_pictures.c.picture_id == pictures.c.id
    )
    inside = pictures.c.conversation_id == conversation_id
    connection.execute(delete(pictures).where(inside, ~shows.exists()))


def names(connection: Connection, conf_uid: str, history_uid: str) -> dict[int, list[str]]:
    """Return how the pictures of a conversation are called, by the id of their message's row."""
    wanted = (
        select(message_pictures.c.message_id, pictures.c.name)
        .join(pictures, pictures.c.id == message_pictures.c.picture_id)
        .join(conversations, conversations.c.id == pictures.c.conversation_id)
        .where(of(conf_uid, history_uid))
        .order_by(message_pictures.c.message_id, message_pictures.c.position)
    )
    found: dict[int, list[str]] = {}
    for message_id, name in connection.execute(wanted):
        found.setdefault(message_id, []).append(name)
    return found


def one(connection: Connection, conf_uid: str, history_uid: str, name: str) -> Picture | None:
    """Return a picture of a conversation by its name; None where it has none of this name."""
    wanted = (
        select(pictures.c.name, pictures.c.mime_type, pictures.c.data)
        .join(conversations, conversations.c.id == pictures.c.conversation_id)
        .where(of(conf_uid, history_uid), pictures.c.name == name)
    )
    row = connection.execute(wanted).first()
    return Picture(*row) if row else None


def of_message(connection: Connection, conf_uid: str, history_uid: str, uid: str) -> list[Picture]:
    """Return the pictures of the message called `uid`, in order."""
    wanted = (
        select(messages.c.id)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(of(conf_uid, history_uid), messages.c.uid == uid)
    )
    ids = connection.execute(wanted).scalars().all()
    return [each.picture for each in of_messages(connection, ids)]


def _make_room(connection: Connection, conversation_id: int, most_bytes: int) -> None:
    last = func.max(message_pictures.c.message_id)
    kept = connection.execute(
        select(pictures.c.id, pictures.c.size_bytes)
        .join(message_pictures, message_pictures.c.picture_id == pictures.c.id)
        .where(pictures.c.conversation_id == conversation_id)
        .group_by(pictures.c.id, pictures.c.size_bytes)
        .order_by(last, pictures.c.id)
    ).all()
    over = sum(size for _, size in kept) - most_bytes
    gone: list[int] = []
    for key, size in kept:
        if over <= 0:
            break
        gone.append(key)
        over -= size
    if gone:
        connection.execute(delete(pictures).where(pictures.c.id.in_(gone)))
