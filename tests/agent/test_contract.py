"""What every agent keeps to; its language model is a service."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, aclosing
from pathlib import Path
from typing import cast

import pytest

from open_llm_vtuber.agent.base import Agent, Heard, Remark
from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.llm.base import Thought
from open_llm_vtuber.engines.pool import EnginePool
from open_llm_vtuber.weights.store import WeightStore
from tests.agent.hume_server import KEY, HumeServer, hume_server
from tests.agent.letta_server import AGENT, PASSWORD, LettaServer, letta_server
from tests.agent.opening import PERSONA, Engines, opened
from tests.engines import contract
from tests.engines.llm.openai_server import OpenAIServer, Reply, openai_server
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

LONG = "It was a long day, " * 5000
PICTURE = "data:image/png;base64,AAAA"
HOSTED = ("letta_agent", "hume_ai_agent")
"""Those whose memory is elsewhere; they have no language model of ours."""
NAMES = ("basic_memory_agent", "mem0_agent", *HOSTED)
Stand = OpenAIServer | LettaServer | HumeServer
SERVERS: dict[str, Callable[[], AbstractAsyncContextManager[Stand]]] = {
    "letta_agent": letta_server,
    "hume_ai_agent": hume_server,
}
"""The service that answers."""


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return cast("str", request.param)


@pytest.fixture
async def service(name: str) -> AsyncIterator[Stand]:
    async with SERVERS.get(name, openai_server)() as server:
        yield server


@pytest.fixture
async def engines(name: str, service: Stand, tmp_path: Path) -> AsyncIterator[Engines]:
    pool = EnginePool(WeightStore(tmp_path, offline=True))
    if isinstance(service, LettaServer):
        yield await opened(pool, name, host=service.url, id=AGENT, api_key=PASSWORD)
    elif isinstance(service, HumeServer):
        yield await opened(pool, name, host=service.url, api_key=KEY)
    elif name == "mem0_agent":  # its server is down, which changes no answer
        yield await opened(pool, name, service.base_url, host="http://127.0.0.1:1")
    else:
        yield await opened(pool, name, service.base_url)
    await pool.close()


async def said(agent: Agent, text: str, *images: str, proactive: bool = False) -> str:
    """Return the answer in words."""
    async with aclosing(agent.reply(Heard(text, images, proactive))) as pieces:
        return "".join([piece async for piece in pieces if isinstance(piece, str)])


def asked(service: Stand) -> str:
    """Return the newest prompt."""
    return str(service.requests[-1].body["messages"])


def test_the_suite_runs_over_every_agent() -> None:
    contract.covers("agent", set(NAMES))


async def test_it_answers_as_its_persona(engines: Engines, service: Stand) -> None:
    agent = engines.open()
    await agent.prepare()
    assert await said(agent, "Hello!") == "Hello, you."
    assert (PERSONA in asked(service)) == (engines.agent.name != "letta_agent")
    assert "Hello!" in asked(service)


@pytest.mark.parametrize(
    "text", ["", " ", "Grüße \u202e 你好 🙂", "a\u0000b", '{"role": "system"}', LONG],
    ids=["empty", "blank", "letters", "a control", "JSON", "very long"],
)  # fmt: skip
async def test_whatever_it_hears_is_answered(engines: Engines, text: str) -> None:
    assert await said(engines.open(), text) == "Hello, you."


async def test_a_picture_is_shown_and_speaking_unasked_answers_nobody(
    engines: Engines, service: Stand
) -> None:
    agent = engines.open()
    assert await said(agent, "Look.", PICTURE) == "Hello, you."
    assert ("AAAA" in asked(service)) == (engines.agent.name != "hume_ai_agent")  # it is blind
    await agent.played("Hello, you.", interrupted=False)
    assert await said(agent, "Say something.", proactive=True) == "Hello, you."


async def test_what_was_heard_is_remembered_and_another_conversation_replaces_it(
    engines: Engines, service: Stand
) -> None:
    if engines.agent.name in HOSTED:
        pytest.skip("it remembers where it is")
    agent = engines.open()
    await said(agent, "I have a dog.")
    await agent.played("Hello, y", interrupted=True)
    await said(agent, "What have I?")
    assert "I have a dog." in asked(service)
    assert "Hello, y..." in asked(service)
    await agent.played("Hello, you.", interrupted=False)
    await agent.recall([Remark("human", "I have a cat."), Remark("ai", "Nice.")])
    await said(agent, "And now?")
    assert "I have a dog." not in asked(service)
    assert "I have a cat." in asked(service)


async def test_agents_of_one_engine_share_nothing(engines: Engines, service: Stand) -> None:
    one, other = engines.open(), engines.open()
    await said(one, "My secret is green.")
    await said(other, "What do you know?")
    assert "green" not in asked(service)


async def test_an_answer_that_is_given_up_ends_all_that_was_begun(
    engines: Engines, service: Stand
) -> None:
    service.reply = Reply(tokens=("Word ",) * 1000, pace_s=0.01)
    agent = engines.open()
    async with aclosing(agent.reply(Heard("Go on."))) as pieces:
        async for piece in pieces:
            if isinstance(piece, str):
                break
    await until(lambda: not service.answering)
    assert not engines.agent.busy
    assert not (await engines.context.llm()).busy
    await agent.played("Word", interrupted=True)
    service.reply = Reply()
    assert await said(agent, "Still there?") == "Hello, you."


async def test_thoughts_are_told_apart_from_what_is_said(engines: Engines, service: Stand) -> None:
    if isinstance(service, HumeServer):
        pytest.skip("it tells no thoughts")
    service.reply = Reply(reasoning=("Hm.",))
    async with aclosing(engines.open().reply(Heard("Hello!"))) as pieces:
        found = [piece async for piece in pieces]
    assert "".join(piece for piece in found if isinstance(piece, str)) == "Hello, you."
    assert any(isinstance(piece, Thought) for piece in found)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=401, error={"error": "no such key"}),
        Reply(status=500, error={"error": "out of order"}),
        Reply(ending="malformed"),
        Reply(tokens=(), ending="cut"),
    ],
    ids=["wrong key", "out of order", "malformed", "cut"],
)
async def test_a_service_that_fails_is_told_and_the_next_question_answered(
    engines: Engines, service: Stand, reply: Reply
) -> None:
    agent = engines.open()
    service.reply = reply
    with pytest.raises(EngineError, match=r"language model|Letta server|Hume"):
        await said(agent, "Hello?")
    service.reply = Reply()
    assert await said(agent, "Hello again?") == "Hello, you."


async def test_it_can_be_closed_while_it_answers(engines: Engines, service: Stand) -> None:
    service.reply = Reply(tokens=("Word ",) * 1000, pace_s=0.01)
    agent = engines.open()
    pieces = agent.reply(Heard("Go on."))
    assert await anext(pieces) is not None
    await agent.close()
    await pieces.aclose()
    await until(lambda: not service.answering)
    await agent.close()  # once more does no harm
