"""What was said is indexed in the background, while nobody is answered, and once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import numpy as np
import pytest
from loguru import logger
from numpy.typing import NDArray
from sqlalchemy import update

from open_llm_vtuber.engines.errors import EngineError
from open_llm_vtuber.history.entries import from_message, to_row
from open_llm_vtuber.history.memory_schema import memory_state
from open_llm_vtuber.history.schema import messages
from open_llm_vtuber.history.store import Conversation
from open_llm_vtuber.memory import indexing
from open_llm_vtuber.memory.indexing import HAS_WORDS, WAITS, Indexed, Waiting, waiting
from open_llm_vtuber.memory.keeper import BATCH, MemoryKeeper
from open_llm_vtuber.memory.records import DrawnFact
from open_llm_vtuber.memory.vectors import encoded
from tests.memory.scene import CONF, OWNER, Scene, WordEmbedder, draw, said

pytestmark = pytest.mark.anyio


async def until(holds: Callable[[], bool]) -> None:
    """Return once it holds; the test fails where it never does."""
    for _ in range(1000):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came")


class Unwilling(WordEmbedder):
    """Fails until it is told to work."""

    works = False

    async def embed(self, texts: Sequence[str], *, query: bool) -> NDArray[np.float32]:
        self.asked += texts
        if not self.works:
            raise EngineError("The embedding is not here.")
        return await super().embed(texts, query=query)


async def test_what_is_said_while_it_runs_is_indexed(scene: Scene) -> None:
    scene.keeper.start()
    await scene.history.append(CONF, "a", [said("I like tea")])
    await until(lambda: "I like tea" in scene.embedder.asked)
    await scene.history.append(CONF, "a", [said("I like rain")])
    await until(lambda: "I like rain" in scene.embedder.asked)
    await scene.keeper.close()
    await scene.keeper.settled()
    assert set(scene.embedder.asked) == {"I like tea", "I like rain"}
    assert await scene.facts() == ["I like rain", "I like tea"]


async def test_imported_conversations_are_indexed(scene: Scene) -> None:
    rows = [to_row(from_message(said(f"I like number{number}"))) for number in range(2 * BATCH + 5)]
    scene.keeper.start()
    await scene.history.settle(CONF, [Conversation("a", rows)])
    await until(lambda: len(scene.embedder.asked) == len(rows))
    await scene.keeper.close()
    await scene.keeper.settled()
    assert len(await scene.facts()) == len(rows)
    assert len(set(scene.embedder.asked)) == len(rows)


async def test_nothing_is_done_while_somebody_is_answered(scene: Scene) -> None:
    busy, asked = [True], list[bool]()

    def is_busy() -> bool:
        asked.append(busy[0])
        return busy[0]

    keeper = MemoryKeeper(scene.history, scene.memory, draw, lambda: None, is_busy)
    await scene.history.append(CONF, "a", [said("I like tea")])
    keeper.start()
    await until(lambda: len(asked) >= 2)
    assert await scene.facts() == []
    busy[0] = False
    await until(lambda: asked[-1] is False)
    await keeper.close()
    await keeper.settled()
    assert await scene.facts() == ["I like tea"]


async def test_the_newest_is_indexed_first(scene: Scene) -> None:
    await scene.history.append(CONF, "a", [said(f"I like number{one}") for one in range(20)])
    found = await scene.history.read(lambda connection: waiting(connection, WAITS, 3))
    assert [one.text for one in found] == [f"I like number{one}" for one in (19, 18, 17)]


async def test_without_an_embedding_there_are_words_and_vectors_follow(scene: Scene) -> None:
    found: list[WordEmbedder] = []
    keeper = MemoryKeeper(
        scene.history, scene.memory, draw, lambda: found[0] if found else None, lambda: False
    )
    await scene.history.append(CONF, "a", [said("I like tea")])
    await keeper.settled()
    asked = await scene.ask("tea")
    assert (len(asked.by_words), asked.by_vectors) == (1, [])
    found.append(scene.embedder)
    await keeper.settled()
    assert len((await scene.ask("tea")).by_vectors) == 1


async def test_an_embedding_that_fails_leaves_words_and_facts(scene: Scene) -> None:
    unwilling = Unwilling("unwilling")
    keeper = MemoryKeeper(scene.history, scene.memory, draw, lambda: unwilling, lambda: False)
    keeper.start()
    await scene.history.append(CONF, "a", [said("I like tea")])
    await until(lambda: "I like tea" in unwilling.asked)
    await scene.history.append(CONF, "a", [said("I like rain")])
    await until(lambda: "I like rain" in unwilling.asked)
    assert await scene.facts() == ["I like rain", "I like tea"]
    unwilling.works, before = True, len(unwilling.asked)
    scene.history.changed.set()
    await until(lambda: len(unwilling.asked) > before)
    await keeper.close()
    await keeper.settled()
    scene.embedder = unwilling
    assert len((await scene.ask("tea")).by_vectors) == 2


async def test_another_embedding_makes_all_vectors_anew(scene: Scene) -> None:
    await scene.say("a", "I like tea", "I like rain", said("", "ai"), said("[x]", "system"))
    await scene.ask("tea")
    small = WordEmbedder("small", dimensions=64)
    keeper = MemoryKeeper(scene.history, scene.memory, draw, lambda: small, lambda: False)
    await keeper.settled()
    assert sorted(small.asked) == ["I like rain", "I like tea"]
    found = await scene.memory.candidates(OWNER, "tea", small.question("I like tea"), not_in=None)
    assert found.by_vectors[0].text == "I like tea"
    assert (await scene.ask("tea")).by_vectors == []  # of the model of before


async def test_where_one_stopped_the_next_goes_on(scene: Scene) -> None:
    """As after a crash: some have words and no vector, some nothing."""
    await scene.history.append(CONF, "a", [said(f"I like number{one}") for one in range(30)])
    await scene.memory.begin("words")
    found = await scene.history.read(lambda connection: waiting(connection, WAITS, 10))
    indexed = [Indexed(one, ["like"], draw(one.text, datetime(2026, 5, 3))) for one in found]  # noqa: DTZ001
    await scene.history.write(lambda connection: indexing.store_words(connection, indexed))
    scene.embedder.asked.clear()
    await scene.new_keeper().settled()
    assert len(scene.embedder.asked) == len(set(scene.embedder.asked)) == 30
    assert len(await scene.facts()) == 30


async def test_other_rules_index_all_anew_and_keep_what_was_changed_by_hand(scene: Scene) -> None:
    await scene.say("a", "I like tea", "I like rain", "I like snow", "I like sun")
    pinned = await scene.memory.pin(OWNER, (await scene.fact("I like tea")).id)
    corrected = await scene.memory.correct(OWNER, (await scene.fact("I like rain")).id, "Rain!")
    told = await scene.memory.add(OWNER, "a", "They like wind")
    kept = await scene.fact("I like sun")
    stale = update(memory_state).where(memory_state.c.key == "rules").values(value="0")
    await scene.history.write(lambda connection: connection.execute(stale).close())
    scene.embedder.asked.clear()

    def other_rules(text: str, said_at: datetime) -> list[DrawnFact]:
        new = [DrawnFact(text, "taste", "snow")] if "snow" in text else []
        return new or draw(text, said_at)

    keeper = MemoryKeeper(
        scene.history,
        scene.memory,
        other_rules,
        lambda: scene.embedder,
        lambda: False,
    )
    await keeper.settled()
    facts = await scene.memory.facts(OWNER)
    assert [fact for fact in facts if fact.text != "I like snow"] == [pinned, told, kept, corrected]
    assert (await scene.fact("I like snow")).slot == "snow"
    assert scene.embedder.asked == ["Rain!"]  # the vectors of the others still hold


async def test_what_changed_while_it_was_looked_at_is_not_stored(scene: Scene) -> None:
    await scene.history.append(CONF, "a", [said("I like tea"), said("I like rain")])
    await scene.memory.begin("words")
    found = await scene.history.read(lambda connection: waiting(connection, WAITS, 10))
    change = update(messages).where(messages.c.content == "I like tea").values(content="I like sun")
    await scene.history.write(lambda connection: connection.execute(change).close())

    def indexed(found: Sequence[Waiting]) -> list[Indexed]:
        at = datetime(2026, 5, 3)  # noqa: DTZ001
        return [Indexed(one, one.text.lower().split(), draw(one.text, at)) for one in found]

    await scene.history.write(lambda connection: indexing.store_words(connection, indexed(found)))
    assert await scene.facts() == ["I like rain"]
    assert await scene.by_words("tea") == []
    (rain,) = await scene.history.read(lambda connection: waiting(connection, HAS_WORDS, 10))
    await scene.memory.keep(CONF, "a", remembered=False)
    vector = {rain: encoded(scene.embedder.vector("x")[np.newaxis])}
    await scene.history.write(lambda connection: indexing.store_vectors(connection, vector))
    await scene.memory.keep(CONF, "a", remembered=True)
    await scene.keeper.settled()
    assert await scene.facts() == ["I like rain", "I like sun"]
    assert {one.text for one in (await scene.ask("sun")).by_vectors} == {
        "I like rain",
        "I like sun",
    }


async def test_a_day_is_not_told_where_nobody_knows_when_it_was_said(scene: Scene) -> None:
    await scene.say("unknown", said("My exam is tomorrow", at="?"))
    assert (await scene.fact("My exam is tomorrow")).day is None


async def test_what_stops_it_is_in_the_log(scene: Scene) -> None:
    def broken(text: str, said_at: datetime) -> list[DrawnFact]:
        raise ZeroDivisionError

    lines: list[str] = []
    sink = logger.add(lines.append, level="ERROR")
    keeper = MemoryKeeper(scene.history, scene.memory, broken, lambda: None, lambda: False)
    await scene.history.append(CONF, "a", [said("I like tea")])
    keeper.start()
    await until(lambda: bool(lines))
    logger.remove(sink)
    await keeper.close()
    assert "not indexed for the memory any more" in lines[0]
    assert await scene.messages("a") == ["I like tea"]


@pytest.mark.parametrize(
    "at",
    [
        "0001-01-01T00:00:00+14:00",
        "0001-01-01T00:00:00",
        "1969-12-31T23:00:00-12:00",
        "9999-12-31T23:59:59-12:00",
        "9999-12-31T23:59:59",
    ],
)
async def test_no_time_that_a_file_may_hold_ends_it(real: Scene, at: str) -> None:
    texts = ("My exam is tomorrow.", "I moved to Lyon last year.")
    rows = [to_row(from_message(said(text, at=at))) for text in texts]
    await real.history.settle(CONF, [Conversation("a", rows)])
    await real.say("b", "My cat is called Tom.")
    assert "My cat is called Tom." in await real.facts()
    assert len(await real.facts()) == 3
    assert await real.memory.last_spoke(OWNER, None) is not None


class Refusing(WordEmbedder):
    """Refuses whatever holds a poison, a number of times; while it is `broken`, everything."""

    def __init__(self, times: int = 10**6) -> None:
        super().__init__()
        self.times = times
        self.broken = False
        self.refused = 0

    async def embed(self, texts: Sequence[str], *, query: bool) -> NDArray[np.float32]:
        if self.broken or (self.refused < self.times and any("poison" in one for one in texts)):
            self.refused += 1
            raise EngineError("This cannot be embedded.")
        return await super().embed(texts, query=query)


async def test_what_the_embedding_refuses_holds_up_nothing_and_is_told_once(scene: Scene) -> None:
    scene.embedder = Refusing()
    told: list[str] = []
    sink = logger.add(lambda line: told.append(str(line)), level="WARNING")
    try:
        olds = [f"I like number{number}" for number in range(20)]
        await scene.say(
            "a", "I hid the poison", *olds, "I drank poison", "The poison tastes of tea"
        )
    finally:
        logger.remove(sink)
    found = await scene.ask("What do I like, number3?")
    assert "I like number3" in [one.text for one in found.by_vectors]
    poisons = ["I hid the poison", "I drank poison", "The poison tastes of tea"]
    assert sorted(await scene.by_words("poison")) == sorted(poisons)
    assert await scene.history.read(lambda connection: waiting(connection, HAS_WORDS, 10)) == []
    assert ["refuses" in line for line in told] == [True]


async def test_what_the_embedding_refuses_for_a_moment_is_embedded(scene: Scene) -> None:
    scene.embedder = Refusing(times=3)
    await scene.say("a", "I drank poison", "I like tea")
    found = await scene.ask("What did I drink, poison?")
    assert found.by_vectors[0].text == "I drank poison"


async def test_where_nothing_can_be_embedded_all_of_it_waits(scene: Scene) -> None:
    scene.embedder = refusing = Refusing()
    refusing.broken = True
    with pytest.raises(EngineError, match="cannot be embedded"):
        await scene.say("a", "I like tea", "I like rain")
    left = await scene.history.read(lambda connection: waiting(connection, HAS_WORDS, 10))
    assert len(left) == 2
    refusing.broken = False
    await scene.keeper.settled()
    assert len((await scene.ask("tea")).by_vectors) == 2
