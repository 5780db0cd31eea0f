"""An answer begun on a guess: remembered, and served by tools, once the guess was right."""

from __future__ import annotations

import asyncio

import pytest

from open_llm_vtuber.agent.base import Drafted, Heard, Piece
from tests.support.wire import settle

from .shop import GullibleLLM, Shop, agent

pytestmark = pytest.mark.anyio


async def read(drafted: Drafted, into: list[Piece]) -> None:
    async for piece in drafted.pieces:
        into.append(piece)


async def test_what_was_not_said_after_all_is_not_remembered() -> None:
    llm = GullibleLLM(writes=False)
    one = agent(llm, None)
    await read(one.draft(Heard("Good mor")), [])
    async for _ in one.reply(Heard("Good morning.")):
        pass
    assert [message.content for message in llm.prompts[0][1:]] == ["Good mor"]
    assert [message.content for message in llm.prompts[1][1:]] == ["Good morning."]


async def test_what_was_said_is_remembered_once() -> None:
    llm = GullibleLLM(writes=False)
    one = agent(llm, None)
    drafted = one.draft(Heard("Good morning."))
    await read(drafted, [])
    drafted.take()
    await one.played("Sure.", interrupted=False)
    async for _ in one.reply(Heard("And now?")):
        pass
    said = [(message.role, message.content) for message in llm.prompts[-1][1:]]
    assert said == [("user", "Good morning."), ("assistant", "Sure."), ("user", "And now?")]


@pytest.mark.parametrize("writes", [False, True], ids=["a call", "written"])
async def test_no_tool_is_used_before_it_is_certain(writes: bool) -> None:
    llm, shop = GullibleLLM(writes=writes), Shop()
    drafted = agent(llm, shop).draft(Heard("Please buy a boat."))
    pieces: list[Piece] = []
    reading = asyncio.create_task(read(drafted, pieces))
    await settle()
    assert pieces
    assert shop.bought == []
    drafted.take()
    await reading
    assert shop.bought == [{"what": "a boat"}]


async def test_a_tool_that_was_never_certain_is_never_used() -> None:
    llm, shop = GullibleLLM(writes=False), Shop()
    drafted = agent(llm, shop).draft(Heard("Please buy a boat."))
    reading = asyncio.create_task(read(drafted, []))
    await settle()
    reading.cancel()
    await asyncio.wait([reading])
    drafted.take()
    await settle()
    assert shop.bought == []
