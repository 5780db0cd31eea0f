"""The agent on a Letta server: what is asked of it, what is made of its messages, what is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest

from open_llm_vtuber.agent.base import Agent, Heard, Notice, Piece, Remark
from open_llm_vtuber.agent.tools import ToolStatus
from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.llm.base import Thought
from open_llm_vtuber.engines.pool import EnginePool
from open_llm_vtuber.engines.trial import Trial
from tests.agent.letta_server import AGENT, PASSWORD, LettaServer, letta_server, message
from tests.agent.opening import Engines, opened
from tests.conftest import Serve
from tests.engines.llm.openai_server import Reply
from tests.support.client import client, of_type
from tests.support.live import conf

pytestmark = pytest.mark.anyio


@pytest.fixture
async def service() -> AsyncIterator[LettaServer]:
    async with letta_server() as server:
        yield server


def keys(service: LettaServer) -> dict[str, Any]:
    host, _, port = service.url.removeprefix("http://").partition(":")
    return {"host": host, "port": port, "id": AGENT, "api_key": PASSWORD}


@pytest.fixture
async def engines(service: LettaServer, pool: EnginePool) -> Engines:
    return await opened(pool, "letta_agent", **keys(service))


async def pieces(agent: Agent, heard: Heard) -> list[Piece]:
    async with aclosing(agent.reply(heard)) as found:
        return [piece async for piece in found]


async def test_an_answer_is_words_thoughts_and_tools_as_they_come(
    engines: Engines, service: LettaServer
) -> None:
    call = {"name": "archival_memory_search", "arguments": "{", "tool_call_id": "call_1"}
    rest = {"name": None, "arguments": '"query": "dog"}', "tool_call_id": "call_1"}
    service.events = [
        message("ping"),
        message("tool_call_message", tool_call=call, tool_calls=call),
        message("tool_call_message", tool_call=rest, tool_calls=rest),
        message(
            "tool_return_message", tool_return="a dog", status="success", tool_call_id="call_1"
        ),
        message("assistant_message", content=[{"type": "text", "text": "Rex! "}]),
        message("something_of_tomorrow"),
    ]
    service.reply = Reply(reasoning=("Hm.",))
    assert await pieces(engines.open(), Heard("Who is it?")) == [
        Thought("Hm."),
        Thought(""),
        ToolStatus("call_1", "archival_memory_search", "running", "{"),
        ToolStatus("call_1", "archival_memory_search", "completed", "a dog"),
        "Rex! ",
        *("Hello", ", ", "you", "."),
    ]


async def test_it_is_asked_with_pictures_and_of_its_own_accord_as_a_system(
    engines: Engines, service: LettaServer
) -> None:
    agent = engines.open()
    await pieces(agent, Heard("Look.", ("data:image/png;base64,AAAA",)))
    await pieces(agent, Heard("Say something.", proactive=True))
    source = {"type": "base64", "media_type": "image/png", "data": "AAAA"}
    assert [one.body["messages"] for one in service.requests] == [
        [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "Look."},
                    {"type": "image", "source": source},
                ],
            }
        ],
        [{"role": "system", "content": "Say something."}],
    ]


async def test_what_had_been_heard_before_a_barge_in_is_told_with_the_next_question_once(
    engines: Engines, service: LettaServer
) -> None:
    agent = engines.open()
    await pieces(agent, Heard("Hello!"))
    await agent.played("Hello, y", interrupted=True)
    service.reply = Reply(status=500, error="out of order")
    with pytest.raises(EngineError):
        await pieces(agent, Heard("What?"))
    service.reply = Reply()
    await pieces(agent, Heard("What?"))
    await pieces(agent, Heard("And?"))
    await agent.played("Hello, you.", interrupted=False)
    await agent.played("", interrupted=True)
    await agent.recall([Remark("human", "I have a cat.")])
    await pieces(agent, Heard("New."))
    told = [[one["content"] for one in request.body["messages"]] for request in service.requests]
    note = "[The person interrupted you. Of your last answer they only heard: 'Hello, y']"
    assert told == [["Hello!"], [note, "What?"], [note, "What?"], ["And?"], ["New."]]


async def test_it_is_looked_for_once_and_told_where_it_is_not(
    engines: Engines, service: LettaServer, pool: EnginePool
) -> None:
    agent = engines.open()
    await agent.prepare()
    await agent.prepare()
    assert service.looks == 1
    assert await engines.agent.trial(Trial()) == "the agent is there"
    assert service.looks == 2
    other = await opened(pool, "letta_agent", **{**keys(service), "id": "agent-of-nobody"})
    with pytest.raises(EngineError, match=r"has no agent agent-of-nobody \(agent_settings\."):
        await other.open().prepare()
    locked = await opened(pool, "letta_agent", **{**keys(service), "api_key": "wrong"})
    with pytest.raises(EngineError, match=r"refuses the agent_settings\.letta_agent\.api_key"):
        await locked.open().prepare()
    nobody = await opened(pool, "letta_agent", host="127.0.0.1", port=1, id=AGENT)
    with pytest.raises(EngineError, match=r"refused.*agent_settings\.letta_agent\.host"):
        await nobody.open().prepare()


@pytest.mark.parametrize("given", ["", "xxx"])
async def test_an_id_that_is_not_set_is_told_before_the_first_word(
    pool: EnginePool, given: str
) -> None:
    with pytest.raises(EngineError, match=r"letta_agent\.id in conf.yaml, which is not set"):
        await opened(pool, "letta_agent", id=given)


async def test_an_error_of_the_agent_is_told_with_its_words(
    engines: Engines, service: LettaServer
) -> None:
    service.reply = Reply(tokens=(), ending="error")
    with pytest.raises(EngineError, match="could not answer: the model is down"):
        await pieces(engines.open(), Heard("Hello?"))
    service.reply, service.events = Reply(), [message("stop_reason", stop_reason="max_steps")]
    with pytest.raises(EngineError, match="could not answer: max_steps"):
        await pieces(engines.open(), Heard("Hello?"))


async def test_a_tool_that_waits_for_leave_is_told(engines: Engines, service: LettaServer) -> None:
    call = {"name": "buy", "arguments": "{}", "tool_call_id": "call_1"}
    service.events = [message("approval_request_message", tool_call=call)]
    service.reply = Reply(tokens=())
    (told,) = await pieces(engines.open(), Heard("Buy it."))
    assert isinstance(told, Notice)
    assert "Allow it in Letta" in told.text


async def test_a_person_at_a_client_is_answered(serve: Serve, service: LettaServer) -> None:
    values = conf(asr="tests.support.engines:MuteASR", vad=None)
    agent = values["character_config"]["agent_config"]
    agent["conversation_agent_choice"] = "letta_agent"
    agent["agent_settings"]["letta_agent"] = keys(service)
    async with client(serve(values).url) as one:
        turn = await one.say("Hello there.")
        assert of_type(turn, "error") == []
        assert one.heard.strip() == "Hello, you."
        service.reply = Reply(status=500, error="out of order")
        (told,) = of_type(await one.say("Hello?"), "error")
        assert "The Letta server" in told["message"]
