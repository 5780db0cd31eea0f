"""The agent with a Mem0 server: what is recalled and kept, how long that may take, what is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest

from open_llm_vtuber.agent.base import Agent, Heard, Notice, Piece
from open_llm_vtuber.engines.pool import EnginePool
from tests.agent.mem0_server import KEY, Mem0Server, mem0_server
from tests.agent.opening import Engines, opened
from tests.engines.llm.openai_server import OpenAIServer, openai_server
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

PARTS = {
    "vector_store": {"provider": "qdrant", "config": {"host": "localhost", "port": 6333}},
    "llm": {"provider": "ollama", "config": {"model": "qwen3"}},
    "embedder": {"provider": "ollama", "config": {"model": "nomic-embed-text"}},
}


@pytest.fixture
async def model() -> AsyncIterator[OpenAIServer]:
    async with openai_server() as server:
        yield server


@pytest.fixture
async def service() -> AsyncIterator[Mem0Server]:
    async with mem0_server() as server:
        yield server


async def engines(
    pool: EnginePool, model: OpenAIServer, service: Mem0Server, **more: Any
) -> Engines:
    keys = {"host": service.url, "api_key": KEY, "recall_timeout_s": 30, **more}
    return await opened(pool, "mem0_agent", model.base_url, **keys)


async def pieces(agent: Agent, text: str, *, proactive: bool = False) -> list[Piece]:
    async with aclosing(agent.reply(Heard(text, (), proactive))) as found:
        return [piece async for piece in found]


async def test_what_was_said_in_one_conversation_is_known_in_another(
    pool: EnginePool, model: OpenAIServer, service: Mem0Server
) -> None:
    agents = await engines(pool, model, service, user_id="Ann")
    one, other = agents.open(), agents.open()
    await pieces(one, "My dog is called Rex.")
    await one.played("Hello, y", interrupted=True)
    await until(lambda: bool(service.kept))
    said = [
        {"role": "user", "content": "My dog is called Rex."},
        {"role": "assistant", "content": "Hello, y"},
    ]
    assert service.kept == [("Ann", said)]
    await pieces(other, "How is my dog?")
    last = model.requests[-1].body["messages"][-1]
    assert last["role"] == "user"
    assert last["content"].endswith("\nHow is my dog?")
    assert "- My dog is called Rex." in last["content"]
    await other.played("Hello, you.", interrupted=False)
    await pieces(other, "And?")
    earlier = [one["content"] for one in model.requests[-1].body["messages"][1:]]
    assert earlier == ["How is my dog?", "Hello, you.", "And?"]  # memories are not repeated


async def test_the_server_is_told_once_what_it_works_with(
    pool: EnginePool, model: OpenAIServer, service: Mem0Server
) -> None:
    agents = await engines(pool, model, service, **PARTS)
    for agent in (agents.open(), agents.open()):
        await pieces(agent, "Hello!")
    assert service.configured == [{"version": "v1.1", **PARTS}]
    assert service.searches[0]["user_id"] == "default"


async def test_nobody_is_searched_for_who_said_nothing(
    pool: EnginePool, model: OpenAIServer, service: Mem0Server
) -> None:
    agent = (await engines(pool, model, service)).open()
    await pieces(agent, "Say something.", proactive=True)
    await agent.played("Hello, you.", interrupted=False)
    await pieces(agent, " ")
    assert service.searches == []
    assert service.kept == []


async def test_nothing_is_recalled_for_a_viewer_and_nothing_of_theirs_is_kept(
    pool: EnginePool, model: OpenAIServer, service: Mem0Server
) -> None:
    agent = (await engines(pool, model, service)).open()
    assert agent.hears_viewers
    await pieces(agent, "My dog is called Rex.")
    await agent.played("Hello, you.", interrupted=False)
    await until(lambda: bool(service.kept))
    async with aclosing(agent.reply(Heard("How is the dog?", viewer=True))) as found:
        assert "".join([piece async for piece in found if isinstance(piece, str)]) == "Hello, you."
    await agent.played("Hello, you.", interrupted=False)
    await pieces(agent, "And?")
    await agent.played("Hello, you.", interrupted=False)
    await until(lambda: len(service.kept) == 2)
    assert [one["query"] for one in service.searches] == ["My dog is called Rex.", "And?"]
    assert service.kept[1][1][0]["content"] == "And?"


async def test_an_answer_does_not_wait_for_what_is_remembered_longer_than_it_may(
    pool: EnginePool, model: OpenAIServer, service: Mem0Server
) -> None:
    service.held = True
    agent = (await engines(pool, model, service, recall_timeout_s=0.05)).open()
    told, *words = await pieces(agent, "Hello!")
    assert isinstance(told, Notice)
    assert "within 0.05 s" in told.text
    assert "".join(str(word) for word in words) == "Hello, you."
    await agent.played("Hello, you.", interrupted=False)
    await agent.close()


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ({"status": 500}, "has a problem of its own"),
        ({"body": b"<html>"}, "no memories"),
        ({"body": b'{"results": 7}'}, "no memories"),
    ],
    ids=["500", "a page", "odd"],
)
async def test_what_the_server_does_wrong_is_told_once_and_she_answers(
    pool: EnginePool,
    model: OpenAIServer,
    service: Mem0Server,
    trouble: dict[str, Any],
    words: str,
) -> None:
    for name, value in trouble.items():
        setattr(service, name, value)
    agent = (await engines(pool, model, service)).open()
    told, *said = await pieces(agent, "Hello!")
    assert isinstance(told, Notice)
    assert words in told.text
    assert "".join(str(word) for word in said) == "Hello, you."
    await agent.played("Hello, you.", interrupted=False)
    assert not any(isinstance(piece, Notice) for piece in await pieces(agent, "Again!"))
    service.status, service.body = 200, None
    await agent.played("Hello, you.", interrupted=False)
    await until(lambda: bool(service.kept))
    await agent.close()


async def test_a_key_that_is_wrong_is_told_without_it(
    pool: EnginePool, model: OpenAIServer, service: Mem0Server
) -> None:
    wrong = "another-key-1234567890"
    agent = (await engines(pool, model, service, api_key=wrong)).open()
    told = (await pieces(agent, "Hello!"))[0]
    assert isinstance(told, Notice)
    assert "refuses the agent_settings.mem0_agent.api_key" in told.text
    assert wrong not in told.text
