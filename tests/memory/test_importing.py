"""What another memory knew is taken in, in SQLite and in PostgreSQL."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from open_llm_vtuber.memory.importing import Carried
from open_llm_vtuber.memory.records import Owner
from tests.memory.scene import CONF, OWNER, Scene

pytestmark = pytest.mark.anyio

ADA = Owner(CONF, "Ada")
AT = "2026-05-03T10:00:00"


def carried(text: str, **more: Any) -> Carried:
    return Carried(text, **{"kind": "life", "slot": "", "said_at": AT, **more})


async def test_what_the_rules_find_is_found_as_it_was_at_first(scene: Scene) -> None:
    await scene.memory.take(OWNER, [carried("My exam is tomorrow", slot="exam")])
    assert await scene.facts() == []
    await scene.keeper.settled()
    (fact,) = await scene.memory.facts(OWNER)
    assert (fact.text, fact.slot, fact.said_at) == ("My exam is tomorrow", "exam", AT)
    assert fact.day == date(2026, 5, 4)
    assert not fact.edited
    (message,) = await scene.history.messages(CONF, fact.history_uid)
    assert (message.role, message.content, message.timestamp) == ("human", fact.text, AT)
    (found,) = (await scene.ask("When is my exam?")).by_words
    assert found.message_id == fact.message_id


async def test_what_was_done_by_hand_stays_as_it_comes(scene: Scene) -> None:
    given = [
        carried("Ask about the violin", kind="told"),
        carried("Home is Rome", slot="home", edited=True, day=date(2026, 6, 1)),
        carried("I like tea", pinned=True, slot="tea"),
    ]
    await scene.memory.take(OWNER, given)
    before = await scene.memory.facts(OWNER)
    await scene.keeper.settled()
    facts = await scene.memory.facts(OWNER)
    assert facts == before
    by_text = {fact.text: fact for fact in facts}
    assert set(by_text) == {one.text for one in given}
    assert facts[0].text == "I like tea"
    assert (facts[0].pinned, facts[0].edited) == (True, False)
    rome = by_text["Home is Rome"]
    assert (rome.slot, rome.day, rome.edited) == ("home", date(2026, 6, 1), True)
    # It is forgotten like any other, with its message.
    await scene.memory.forget(OWNER, rome.id)
    assert "Rome" not in str(await scene.history.messages(CONF, rome.history_uid))


async def test_what_is_known_already_is_not_taken_in_again(scene: Scene) -> None:
    await scene.say("a", "I like tea", "The moon is full")
    given = [
        carried("I LIKE TEA", pinned=True),
        carried("The moon is full", edited=True),
        carried("Nothing the rules know"),
        carried("No."),
        carried("no.", edited=True),
    ]
    await scene.memory.take(OWNER, given)
    await scene.memory.take(OWNER, given)
    await scene.keeper.settled()
    assert await scene.facts() == ["no.", "I like tea"]
    assert len(await scene.history.uids(CONF)) == 2


async def test_what_is_newer_supersedes_in_whatever_order_it_comes(scene: Scene) -> None:
    newer = carried("I moved to Lyon", slot="home", said_at="2026-05-04T10:00:00")
    await scene.memory.take(OWNER, [newer, carried("I live in Paris", slot="home")])
    await scene.keeper.settled()
    assert await scene.facts() == ["I moved to Lyon"]


async def test_it_is_of_who_takes_it_in(scene: Scene) -> None:
    await scene.memory.take(ADA, [carried("I like tea", pinned=True)])
    assert await scene.facts() == []
    assert await scene.facts(ADA) == ["I like tea"]


async def test_nothing_begins_no_conversation(scene: Scene) -> None:
    await scene.memory.take(OWNER, [])
    assert await scene.history.uids(CONF) == []
