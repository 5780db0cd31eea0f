"""Pictures are stored with the messages they were shown with, in SQLite and in PostgreSQL."""

from __future__ import annotations

import asyncio
import base64
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from open_llm_vtuber.history.branches import new_ref
from open_llm_vtuber.history.new_version import Place, at
from open_llm_vtuber.history.pictures import picture_of
from open_llm_vtuber.history.schema import message_pictures, pictures
from open_llm_vtuber.history.session_history import SessionHistory
from open_llm_vtuber.history.store import HistoryError, HistoryStore
from open_llm_vtuber.memory.records import Owner
from open_llm_vtuber.memory.store import MemoryStore
from open_llm_vtuber.protocol.outgoing import HistoryMessage

pytestmark = pytest.mark.anyio

CONF = "wren_001"
OWNER = Owner(CONF)
PNG = b"\x89PNG\r\n\x1a\n"
SECRET = b"a very private picture"


def url_of(data: bytes, mime_type: str = "image/png") -> str:
    return f"data:{mime_type};base64,{base64.b64encode(data).decode()}"


RED, BLUE = url_of(PNG + b"red"), url_of(PNG + b"blue")


def showing(text: str, *shown: str) -> HistoryMessage:
    said = HistoryMessage(role="human", timestamp="2026-11-22T17:04:20", content=text)
    said.id, said.pictures = new_ref(), list(shown)
    return said


def count(connection: Connection) -> tuple[int, int]:
    """Return how many pictures are stored, and how often they are shown."""
    kept, shown = (select(func.count()).select_from(one) for one in (pictures, message_pictures))
    return connection.execute(kept).scalar_one(), connection.execute(shown).scalar_one()


async def shown_in(store: HistoryStore, uid: str) -> list[list[str]]:
    """Return the pictures of each message of a conversation, as data URLs."""
    return [await store.pictures(CONF, uid, one.id or "") for one in await store.branch(CONF, uid)]


async def test_pictures_come_back_in_their_order(store: HistoryStore) -> None:
    await store.append(CONF, "a", [showing("Look.", BLUE, RED), showing("Well?")])
    assert await shown_in(store, "a") == [[BLUE, RED], []]
    first, second = await store.branch(CONF, "a")
    assert second.pictures is None
    assert first.pictures is not None
    found = await store.picture(CONF, "a", first.pictures[1])
    assert found is not None
    assert (found.mime_type, found.data) == ("image/png", PNG + b"red")
    # Of another conversation, character or name there is none.
    for conf, uid, name in (
        (CONF, "b", first.pictures[1]),
        ("other", "a", first.pictures[1]),
        (CONF, "a", "0" * 64),
    ):
        assert await store.picture(conf, uid, name) is None


async def test_a_conversation_keeps_each_once(store: HistoryStore) -> None:
    await store.append(CONF, "a", [showing("Look.", RED, RED), showing("Again.", RED)])
    await store.append(CONF, "a", [showing("And again.", RED)])
    await store.append(CONF, "b", [showing("Elsewhere.", RED)])
    assert await store.read(count) == (2, 5)
    assert await shown_in(store, "a") == [[RED, RED], [RED], [RED]]


async def test_a_file_has_no_pictures_and_is_as_before(store: HistoryStore) -> None:
    await store.append(CONF, "a", [showing("Look.", RED)])
    assert (await store.entries(CONF, "a"))[1:] == [
        {"role": "human", "timestamp": "2026-11-22T17:04:20", "content": "Look."}
    ]


async def test_what_goes_with_the_last_message_that_shows_it(store: HistoryStore) -> None:
    memory = MemoryStore(store)
    first, second = showing("Look.", RED, BLUE), showing("Again.", RED)
    await store.append(CONF, "a", [first, second])
    removed = await memory.take_out(OWNER, "a", first.id or "")
    assert removed is not None
    assert await store.read(count) == (1, 1)
    assert await shown_in(store, "a") == [[RED]]
    assert await memory.put_back(OWNER, removed)
    assert await store.read(count) == (2, 3)
    assert await shown_in(store, "a") == [[RED, BLUE], [RED]]


async def test_a_deleted_conversation_takes_its_pictures_along(store: HistoryStore) -> None:
    await store.append(CONF, "a", [showing("Look.", RED)])
    await store.append(CONF, "b", [showing("Look.", RED)])
    assert await store.delete(CONF, "a")
    assert await store.read(count) == (1, 1)
    assert await shown_in(store, "b") == [[RED]]


async def test_who_forgets_everything_forgets_the_pictures(store: HistoryStore) -> None:
    await store.append(CONF, "a", [showing("Look.", RED)])
    await MemoryStore(store).forget_everything(OWNER)
    assert await store.read(count) == (0, 0)


async def test_a_forgotten_picture_is_not_in_the_file(tmp_path: Path) -> None:
    store = HistoryStore(f"sqlite:///{tmp_path}/history.db")
    await store.open()
    first = showing("Look.", url_of(PNG + SECRET * 1000))
    await store.append(CONF, "a", [first, showing("More.")])
    assert any(SECRET in one.read_bytes() for one in tmp_path.iterdir())
    memory = MemoryStore(store)
    assert await memory.take_out(OWNER, "a", first.id or "")
    assert await memory.wipe()
    await store.close()
    assert not any(SECRET in one.read_bytes() for one in tmp_path.iterdir())


async def test_another_version_has_its_own(store: HistoryStore) -> None:
    first = showing("Look.", RED)
    await store.append(CONF, "a", [first])
    await store.append(CONF, "a", [at(showing("Look here.", BLUE), Place(beside=first.id))])
    assert await shown_in(store, "a") == [[BLUE]]
    await store.choose(CONF, "a", first.id or "")
    assert await shown_in(store, "a") == [[RED]]


async def test_what_was_not_shown_for_longest_makes_room(url: str) -> None:
    store = HistoryStore(url, most_pictures_bytes=250)
    await store.open()
    big = [url_of(PNG + bytes([number]) * 92) for number in range(3)]
    await store.append(CONF, "a", [showing("One.", big[0]), showing("Two.", big[1])])
    await store.append(CONF, "a", [showing("One again.", big[0])])
    await store.append(CONF, "a", [showing("Three.", big[2])])
    assert await shown_in(store, "a") == [[big[0]], [], [big[0]], [big[2]]]
    # One that is over it alone is not kept, and leaves nothing else.
    await store.append(CONF, "a", [showing("Four.", url_of(PNG + b"x" * 300))])
    assert [one.content for one in await store.branch(CONF, "a")][-1] == "Four."
    assert await store.read(count) == (0, 0)
    await store.close()


async def test_none_is_kept_where_nothing_may_be(url: str) -> None:
    store = HistoryStore(url, most_pictures_bytes=0)
    await store.open()
    await store.append(CONF, "a", [showing("Look.", RED)])
    assert await shown_in(store, "a") == [[]]
    await store.close()


async def test_many_at_once_lose_none(store: HistoryStore) -> None:
    async def say(number: int) -> None:
        await store.append(CONF, "a", [showing(f"{number}", RED, url_of(PNG + bytes([number])))])

    await asyncio.gather(*map(say, range(20)))
    shown = await shown_in(store, "a")
    assert sorted(len(one) for one in shown) == [2] * 20
    assert await store.read(count) == (21, 40)


@pytest.mark.parametrize(
    ("data_url", "mime_type"),
    [
        (url_of(b"\xff\xd8\xff\xe0 more"), "image/jpeg"),
        (url_of(b"GIF89a more", "image/png"), "image/gif"),
        (url_of(b"RIFF\0\0\0\0WEBPVP8 ", "image/jpeg;charset=x"), "image/webp"),
        (url_of(b"<svg onload='alert(1)'>", "image/svg+xml"), None),
        (url_of(b"<html>", "text/html"), None),
        ("https://example.org/picture.png", None),
        ("data:image/png;base64,====", None),
        ("data:image/png,plain", None),
        ("data:image/png;base64,", None),
    ],
)
def test_what_a_picture_is_its_bytes_say(data_url: str, mime_type: str | None) -> None:
    found = picture_of(data_url)
    assert (found and found.mime_type) == mime_type


async def test_while_nothing_can_be_written_little_waits(tmp_path: Path) -> None:
    store = HistoryStore(f"sqlite:///{tmp_path}/history.db")
    await store.open()
    history = SessionHistory(store, CONF, max_waiting=10)
    uid = history.begin()
    with closing(sqlite3.connect(tmp_path / "history.db")) as other:
        other.execute("DROP TABLE message_pictures")
        other.execute("CREATE TABLE message_pictures (x INTEGER)")
        other.commit()
    large = [url_of(PNG + bytes([number]) * 9_000_000) for number in range(4)]
    for number, one in enumerate(large):
        history.add("human", f"{number}", message_id=new_ref(), pictures=[one])
    with pytest.raises(HistoryError):
        await history.saved()
    with closing(sqlite3.connect(tmp_path / "history.db")) as other:
        other.execute("DROP TABLE message_pictures")
        other.commit()
    await store.close()
    await store.open()
    await history.saved()
    shown = [len(await store.pictures(CONF, uid, one.id or "")) for one in
             await store.branch(CONF, uid)]  # fmt: skip
    assert shown == [0, 0, 1, 1]
    await store.close()
