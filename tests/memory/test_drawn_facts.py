"""Facts from what people say, in a database: drawn, superseded, forgotten."""

from __future__ import annotations

from datetime import date

import pytest

from open_llm_vtuber.memory.drawing import draw
from open_llm_vtuber.memory.keeper import MemoryKeeper
from tests.memory.scene import OWNER, Scene, said

pytestmark = pytest.mark.anyio


@pytest.fixture
def talk(scene: Scene) -> Scene:
    """Return conversations whose facts are drawn by the rules that people meet."""
    scene.keeper = MemoryKeeper(
        scene.history, scene.memory, draw, lambda: None, is_busy=lambda: False
    )
    return scene


async def test_a_newer_answer_takes_the_place_of_the_older(talk: Scene) -> None:
    await talk.say("a", said("I live in Paris. I love jazz.", at="2026-05-01T10:00:00"))
    await talk.say("b", said("Guess what, I moved to Lyon!", at="2026-05-03T10:00:00"))
    await talk.say("c", said("我不喜欢爵士乐", at="2026-05-04T10:00:00"))
    assert await talk.facts() == ["我不喜欢爵士乐", "Guess what, I moved to Lyon!", "I love jazz."]


async def test_what_holds_no_longer_is_replaced(talk: Scene) -> None:
    await talk.say("a", said("I love coffee.", at="2026-05-01T10:00:00"))
    await talk.say("b", said("I don't drink coffee any more.", at="2026-05-03T10:00:00"))
    assert await talk.facts() == ["I don't drink coffee any more."]


async def test_days_count_from_when_it_was_said(talk: Scene) -> None:
    await talk.say("a", said("My sister's wedding is on Saturday.", at="2026-05-06T23:00:00"))
    wedding = await talk.fact("My sister's wedding is on Saturday.")
    assert wedding.day == date(2026, 5, 9)
    assert wedding.slot == "sister/wedding"


async def test_only_a_person_tells_of_themselves(talk: Scene) -> None:
    await talk.say(
        "a",
        said("My name is Wren and I live in your computer. I love rain.", "ai"),
        said("Tom in the chat says: My name is Tom."),
        said('She said "My name is Eve and I love snow."'),
    )
    assert await talk.facts() == []


async def test_of_one_sentence_one_thing_can_be_forgotten(talk: Scene) -> None:
    await talk.say("a", said("My name is Ada and I live in Lyon."))
    await talk.memory.forget(OWNER, (await talk.fact("I live in Lyon")).id)
    assert await talk.facts() == ["My name is Ada"]
    assert "Lyon" not in "".join(await talk.messages("a"))
