"""Of what has several versions the chosen one is remembered, in SQLite and in PostgreSQL."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from open_llm_vtuber.history.new_version import Place, at
from open_llm_vtuber.memory import summaries
from tests.memory.scene import CONF, OWNER, Scene, said

pytestmark = pytest.mark.anyio


async def ids(scene: Scene) -> dict[str, str]:
    """Return how the messages on the branch are called, by their words."""
    return {one.content: one.id or "" for one in await scene.history.branch(CONF, "a")}


async def test_what_is_set_aside_is_neither_known_nor_found(scene: Scene) -> None:
    await scene.say("a", "I live in Oslo", said("Cold there?", "ai"), "I like rain")
    oslo = (await ids(scene))["I live in Oslo"]
    await scene.say("a", at(said("I live in Quito"), Place(beside=oslo)))
    assert await scene.facts() == ["I live in Quito"]
    assert await scene.by_words("Oslo rain") == []
    assert [one.text for one in (await scene.ask("Oslo")).by_vectors] == ["I live in Quito"]
    await scene.history.choose(CONF, "a", oslo)
    await scene.keeper.settled()
    assert sorted(await scene.facts()) == ["I like rain", "I live in Oslo"]
    assert await scene.by_words("Quito") == []
    found = {one.text for one in (await scene.ask("Oslo rain")).by_vectors}
    assert found == {"I live in Oslo", "I like rain"}  # a question tells nothing


async def test_what_is_forgotten_is_gone_from_every_version(scene: Scene) -> None:
    await scene.say("a", "I live in Oslo", said("Cold there?", "ai"))
    oslo = (await ids(scene))["I live in Oslo"]
    await scene.say("a", at(said("I live in Oslo. Since May."), Place(beside=oslo)))
    fact = await scene.fact("I live in Oslo")
    await scene.memory.forget(OWNER, fact.id)
    assert await scene.facts() == []
    assert all("Oslo" not in one for one in await scene.messages("a"))
    await scene.keeper.settled()
    for version in (await scene.history.branch(CONF, "a"))[0].versions or ():
        await scene.history.choose(CONF, "a", version)
        assert all("Oslo" not in one for one in await scene.messages("a"))
    assert await scene.by_words("Oslo") == []


async def test_what_is_deleted_is_forgotten_until_it_is_put_back(scene: Scene) -> None:
    await scene.say("a", "I live in Oslo", said("Cold there?", "ai"))
    fact = await scene.fact("I live in Oslo")
    await scene.memory.pin(OWNER, fact.id)
    removed = await scene.memory.take_out(OWNER, "a", (await ids(scene))["I live in Oslo"])
    assert removed is not None
    assert await scene.facts() == []
    assert await scene.by_words("Oslo") == []
    assert await scene.memory.wipe()
    assert await scene.memory.put_back(OWNER, removed)
    await scene.keeper.settled()
    assert (await scene.fact("I live in Oslo")).pinned
    assert await scene.by_words("Oslo") == ["I live in Oslo"]


async def test_a_summary_goes_with_what_it_sums_up(scene: Scene) -> None:
    first = "I like tea", said("Me too.", "ai"), "I like rain", said("So do I.", "ai")
    await scene.say("a", *first)

    def sum_up(connection: Connection) -> None:
        summaries.write(connection, OWNER, "a", "Tea.", "I like rain", 2)

    def kept(connection: Connection) -> object:
        return summaries.read(connection, OWNER, "a")

    await scene.history.write(sum_up)
    names = await ids(scene)
    rain, tea = names["I like rain"], names["I like tea"]
    await scene.say("a", at(said("Never!", "ai"), Place(after=rain)))
    assert await scene.history.read(kept)
    await scene.say("a", at(said("I like coffee"), Place(beside=tea)))
    assert await scene.history.read(kept) is None
