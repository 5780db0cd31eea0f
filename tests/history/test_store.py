"""The stored conversations, in SQLite and in PostgreSQL."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

import pytest

from open_llm_vtuber.history.entries import from_message, to_row
from open_llm_vtuber.history.store import (
    Conversation,
    HistoryError,
    HistoryStore,
    valid_uid,
)
from open_llm_vtuber.protocol.outgoing import HistoryMessage
from tests.history.conftest import Listen

pytestmark = pytest.mark.anyio

CONF = "wren_001"


def said(
    content: str,
    role: Literal["human", "ai", "system"] = "human",
    timestamp: str = "2026-11-22T17:04:20",
    name: str | None = None,
    avatar: str | None = None,
) -> HistoryMessage:
    return HistoryMessage(role=role, timestamp=timestamp, content=content, name=name, avatar=avatar)


async def test_messages_come_back_as_they_were(store: HistoryStore) -> None:
    uid = store.new_uid()
    first = [said("Hello", name="Ann"), said("Hi 你好 🙂", "ai", name="Wren", avatar="wren.png")]
    await store.append(CONF, uid, first)
    await store.append(CONF, uid, [said("[Interrupted by user]", "system")])
    found = await store.messages(CONF, uid)
    assert found == [*first, said("[Interrupted by user]", "system")]


@pytest.mark.parametrize("content", ["", "a\0b", "\x01\ufffe", "'\"%_\\", "x" * 300_000])
async def test_any_text_is_stored(store: HistoryStore, content: str) -> None:
    await store.append(CONF, "a", [said(content)])
    assert await store.messages(CONF, "a") == [said(content)]


async def test_half_a_character_does_no_harm(store: HistoryStore) -> None:
    message = HistoryMessage.model_construct(
        role="ai", timestamp="", content="a\ud83db", name="\ud800"
    )
    await store.append("conf\ud800", "a", [message])
    assert (await store.messages("conf\ud800", "a"))[0].content == "a?b"
    assert [summary.uid for summary in await store.list("conf\ud800")] == ["a"]


async def test_an_unknown_conversation_is_empty(store: HistoryStore) -> None:
    assert await store.messages(CONF, "nothing") == []
    assert await store.messages(CONF, "no\0thing\ud800") == []
    assert await store.list(CONF) == []
    assert not await store.delete(CONF, "nothing")
    assert not await store.delete(CONF, "no\0thing")


async def test_nothing_said_leaves_nothing(store: HistoryStore) -> None:
    await store.append(CONF, "a", [])
    assert await store.uids(CONF) == []


async def test_a_bad_name_is_refused(store: HistoryStore) -> None:
    with pytest.raises(HistoryError, match="name of a conversation"):
        await store.append(CONF, "../../etc/passwd", [said("x")])


async def test_the_list_is_newest_first_with_the_last_message(store: HistoryStore) -> None:
    await store.append(CONF, "old", [said("1", timestamp="2026-11-20T10:00:00")])
    await store.append(CONF, "new", [said("2", timestamp="2026-11-21T10:00:00")])
    await store.append(CONF, "older", [said("3", timestamp="2025-01-01T10:00:00")])
    await store.append("other", "theirs", [said("4")])
    assert [summary.uid for summary in await store.list(CONF)] == ["new", "old", "older"]
    await store.append(CONF, "old", [said("5", "ai", timestamp="2026-11-22T10:00:00")])
    found = await store.list(CONF)
    assert [summary.uid for summary in found] == ["old", "new", "older"]
    assert found[0].latest_message.content == "5"
    assert found[0].timestamp == "2026-11-22T10:00:00"


async def test_of_the_same_second_the_later_one_is_first(store: HistoryStore) -> None:
    for number in range(5):
        await store.append(CONF, f"c{number}", [said("x")])
    assert [summary.uid for summary in await store.list(CONF)] == ["c4", "c3", "c2", "c1", "c0"]


async def test_deleting_takes_only_the_one(store: HistoryStore) -> None:
    await store.append(CONF, "a", [said("x")])
    await store.append(CONF, "b", [said("y")])
    await store.append("other", "a", [said("z")])
    assert await store.delete(CONF, "a")
    assert not await store.delete(CONF, "a")
    assert await store.messages(CONF, "a") == []
    assert await store.entries(CONF, "a") == []
    assert [summary.uid for summary in await store.list(CONF)] == ["b"]
    assert len(await store.messages("other", "a")) == 1


async def test_what_is_said_after_deleting_begins_anew(store: HistoryStore) -> None:
    await store.append(CONF, "a", [said("x")])
    await store.delete(CONF, "a")
    await store.append(CONF, "a", [said("y")])
    assert await store.messages(CONF, "a") == [said("y")]


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("hello", {"a"}),
        ("HELLO", {"a"}),
        ("ÄPFEL", {"b"}),
        ("strasse", {"b"}),
        ("100%", {"c"}),
        ("%", {"c"}),
        ("_", set()),
        ("\\", {"d"}),
        ("ab\0c", set()),
        ("你好", {"a"}),
        ("wren.png", set()),
        ("interrupted", set()),
        ("", {"a", "b", "c", "d"}),
        ("x" * 200_000, set()),
        ("\ud800", set()),
    ],
)
async def test_search(store: HistoryStore, query: str, hits: set[str]) -> None:
    await store.append(CONF, "a", [said("Hello, 你好"), said("Bye", "ai", avatar="wren.png")])
    await store.append(CONF, "b", [said("äpfel, Straße", "ai")])
    await store.append(CONF, "c", [said("100% sure, 1000 times")])
    await store.append(CONF, "d", [said("C:\\Users"), said("[Interrupted by user]", "system")])
    await store.append("other", "e", [said("hello % äpfel")])
    assert {summary.uid for summary in await store.search(CONF, query)} == hits


async def test_many_tasks_at_once(store: HistoryStore) -> None:
    async def talk(number: int) -> None:
        for turn in range(5):
            await store.append(CONF, f"c{number}", [said(f"q{turn}"), said(f"a{turn}", "ai")])
            assert len(await store.messages(CONF, f"c{number}")) == 2 * (turn + 1)
            await store.list(CONF)

    await asyncio.gather(*(talk(number) for number in range(20)))
    wanted = [f"{kind}{turn}" for turn in range(5) for kind in "qa"]
    for number in range(20):
        found = await store.messages(CONF, f"c{number}")
        assert [message.content for message in found] == wanted


async def test_many_tasks_in_one_conversation(store: HistoryStore) -> None:
    async def talk(number: int) -> None:
        for turn in range(10):
            await store.append(CONF, "a", [said(f"{number} {turn}"), said("…", "ai")])

    await asyncio.gather(*(talk(number) for number in range(10)))
    found = [message.content for message in await store.messages(CONF, "a")]
    assert found[1::2] == ["…"] * 100
    for number in range(10):
        mine = [text for text in found[::2] if text.startswith(f"{number} ")]
        assert mine == [f"{number} {turn}" for turn in range(10)]
    assert len(await store.entries(CONF, "a")) == 201  # with the metadata, once


async def test_two_stores_share_a_database(url: str) -> None:
    stores = [HistoryStore(url) for _ in range(2)]
    await asyncio.gather(*(store.open() for store in stores))
    try:
        await asyncio.gather(
            *(
                store.append(CONF, "a", [said(f"{number} {turn}")])
                for turn in range(20)
                for number, store in enumerate(stores)
            )
        )
        for store in stores:
            assert len(await store.messages(CONF, "a")) == 40
            assert len(await store.entries(CONF, "a")) == 41
    finally:
        for store in stores:
            await store.close()


async def test_what_was_stored_is_there_after_closing(url: str) -> None:
    for turn in range(3):
        store = HistoryStore(url)
        await store.open()
        await store.append(CONF, "a", [said(str(turn))])
        await store.close()
    await store.open()
    assert [message.content for message in await store.messages(CONF, "a")] == ["0", "1", "2"]
    await store.close()


async def test_a_cancelled_call_is_done_whole_and_harms_nobody(store: HistoryStore) -> None:
    for turn in range(30):
        task = asyncio.create_task(store.append(CONF, f"c{turn}", [said("q"), said("a", "ai")]))
        reading = asyncio.create_task(store.list(CONF))
        await asyncio.sleep(turn / 10_000)
        task.cancel()
        reading.cancel()
        await asyncio.gather(task, reading, return_exceptions=True)
    await store.append(CONF, "last", [said("x")])
    for turn in range(30):
        assert len(await store.messages(CONF, f"c{turn}")) in (0, 2)
    assert len(await store.messages(CONF, "last")) == 1


async def test_closing_finishes_what_was_begun(url: str) -> None:
    store = HistoryStore(url)
    await store.open()
    tasks = [asyncio.create_task(store.append(CONF, f"a{n}", [said("x")])) for n in range(10)]
    await asyncio.sleep(0.001)
    await store.close()
    await asyncio.gather(*tasks)
    with pytest.raises(HistoryError, match="closed"):
        await store.list(CONF)
    await store.close()
    await store.open()
    assert len(await store.list(CONF)) == 10
    await store.close()


def test_a_new_uid_is_valid_and_new() -> None:
    made: Callable[[], str] = HistoryStore.new_uid
    assert valid_uid(made())
    assert made() != made()


@pytest.mark.parametrize(
    "text",
    [None, 3, "", ".", "..", ".a", "a/b", "a\\b", "a\0", "a\n", "a:b", "a ", "a.", "NUL", "com1.x",
     "x" * 201, "你" * 67, "\ud800"],
)  # fmt: skip
def test_names_that_no_file_may_have(text: object) -> None:
    assert not valid_uid(text)


@pytest.mark.parametrize("text", ["a", "my chat", "2026-11-22_17-04-20_" + "0" * 32, "你好"])
def test_names_that_files_have(text: str) -> None:
    assert valid_uid(text)


@pytest.mark.parametrize("marks", [True, False])
async def test_the_list_of_many_conversations_is_read_in_the_order_of_an_index(
    tmp_path: Path, marks: bool, listen: Listen
) -> None:
    store = HistoryStore(f"sqlite:///{tmp_path}/history.db")
    await store.open()
    queries: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if statement.startswith("SELECT"):
            queries.append((statement, parameters))

    rows = [to_row(from_message(said("x")))]
    await store.settle(CONF, [Conversation(f"c{number}", rows) for number in range(10_000)])
    listen("before_cursor_execute", note)
    assert len(await store.list(CONF, marks=marks)) == 10_000
    ((query, values),) = queries
    with closing(sqlite3.connect(tmp_path / "history.db")) as connection:
        plan = str(connection.execute(f"EXPLAIN QUERY PLAN {query}", values).fetchall())
    assert "conversation_order" in plan
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan
    await store.close()
