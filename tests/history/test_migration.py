"""A database of an older version becomes one of today with all that is in it."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, text

from open_llm_vtuber.history import listing
from open_llm_vtuber.history.database import database
from open_llm_vtuber.history.errors import HistoryError
from open_llm_vtuber.history.migration import VERSION
from open_llm_vtuber.history.new_version import Place, at
from open_llm_vtuber.history.store import HistoryStore
from open_llm_vtuber.memory.records import Owner
from open_llm_vtuber.memory.store import MemoryStore
from tests.memory.scene import CONF, Scene, said

pytestmark = pytest.mark.anyio

TO_4 = (
    "ALTER TABLE messages DROP COLUMN uid",
    "ALTER TABLE messages DROP COLUMN parent",
    "ALTER TABLE messages DROP COLUMN aside",
    "UPDATE schema_version SET version = 4",
)
TO_3 = (
    *TO_4,
    "DROP INDEX conversation_list",
    "DROP INDEX conversation_list_of_all",
    "ALTER TABLE conversations DROP COLUMN title",
    "ALTER TABLE conversations DROP COLUMN title_folded",
    "ALTER TABLE conversations DROP COLUMN pinned",
    "UPDATE schema_version SET version = 3",
)
TO_1 = (
    *TO_3,
    "DROP TABLE facts",
    "DROP TABLE vectors",
    "DROP TABLE memory_state",
    "DROP TABLE message_terms",
    "DROP INDEX message_indexed",
    "ALTER TABLE messages DROP COLUMN indexed",
    "ALTER TABLE conversations DROP COLUMN person",
    "ALTER TABLE conversations DROP COLUMN remembered",
    "UPDATE schema_version SET version = 1",
)


def make_version_1(connection: Connection) -> None:
    """Leave what version 1 had."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("DROP TRIGGER message_terms_go"))
        connection.execute(text("DROP TABLE message_term_counts"))
    for statement in TO_1:
        connection.execute(text(statement))


def make_version_3(connection: Connection) -> None:
    """Leave what version 3 had."""
    for statement in TO_3:
        connection.execute(text(statement))


def versions(connection: Connection) -> list[int]:
    return list(connection.execute(text("SELECT version FROM schema_version")).scalars())


async def test_version_1_keeps_everything_and_is_remembered(url: str) -> None:
    history = HistoryStore(url)
    await history.open()
    await history.append(CONF, "a", [said("I like tea"), said("I like coffee", "ai")])
    before = await history.entries(CONF, "a")
    await history.write(make_version_1)
    await history.close()
    await history.open()
    assert await history.read(versions) == [VERSION]
    assert await history.entries(CONF, "a") == before
    scene = Scene(history, MemoryStore(history))
    await scene.keeper.settled()
    assert await scene.facts() == ["I like tea"]
    assert len((await scene.ask("tea")).by_vectors) == 2
    await scene.say("b", "I like rain", person="Ada")
    assert await scene.facts(Owner(CONF, "Ada")) == ["I like rain"]
    await history.close()
    await history.open()
    assert await history.read(versions) == [VERSION]
    assert await scene.facts() == ["I like tea"]
    await history.close()


async def test_version_3_keeps_everything_and_its_conversations_can_be_named(url: str) -> None:
    history = HistoryStore(url)
    await history.open()
    await history.append(CONF, "a", [said("I like tea")])
    before = await history.entries(CONF, "a")
    await history.write(make_version_3)
    await history.close()
    await history.open()
    assert await history.read(versions) == [VERSION]
    assert await history.entries(CONF, "a") == before
    (old,), _ = await history.read(lambda one: listing.part(one, CONF, "", None, 10))
    assert (old.title, old.named, old.pinned) == ("I like tea", False, False)
    named = await history.write(lambda one: listing.give_title(one, CONF, "a", "Tea"))
    assert named is not None
    assert named.title == "Tea"
    await history.close()


async def test_version_4_keeps_everything_and_can_be_answered_anew(url: str) -> None:
    history = HistoryStore(url)
    await history.open()
    await history.append(CONF, "a", [said("Tea?"), said("No.", "ai"), said("Rain?")])
    before = await history.entries(CONF, "a")
    await history.write(lambda one: [one.execute(text(step)) for step in TO_4])
    await history.close()
    await history.open()
    assert await history.read(versions) == [VERSION]
    assert await history.entries(CONF, "a") == before
    question = (await history.branch(CONF, "a"))[0]
    await history.append(CONF, "a", [at(said("Yes.", "ai"), Place(after=question.id))])
    assert [one.content for one in await history.messages(CONF, "a")] == ["Tea?", "Yes."]
    await history.close()


async def test_what_a_newer_program_wrote_is_left_alone(url: str) -> None:
    opened = database(url)
    await opened.open()
    newer = text(f"UPDATE schema_version SET version = {VERSION + 1}")
    await opened.write(lambda connection: connection.execute(newer).close())
    await opened.close()
    history = HistoryStore(url)
    with pytest.raises(HistoryError, match="newer version"):
        await history.open()
    await history.close()
