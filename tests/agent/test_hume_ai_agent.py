"""Hume's EVI: what is asked, what is made of its messages, when it is connected, what is told."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from open_llm_vtuber.agent.base import Agent, Heard, Notice, Piece, Remark
from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.pool import EnginePool
from tests.agent.hume_server import CONFIG, KEY, HumeServer, hume_server
from tests.agent.opening import PERSONA, Engines, opened
from tests.conftest import Serve
from tests.engines.llm.openai_server import Reply
from tests.support.client import client, of_type
from tests.support.live import conf
from tests.support.waiting import until

pytestmark = pytest.mark.anyio


@pytest.fixture
async def service() -> AsyncIterator[HumeServer]:
    async with hume_server() as server:
        yield server


@pytest.fixture
async def engines(service: HumeServer, pool: EnginePool) -> Engines:
    return await opened(pool, "hume_ai_agent", host=service.url, api_key=KEY)


async def pieces(agent: Agent, heard: Heard) -> list[Piece]:
    async with aclosing(agent.reply(heard)) as found:
        return [piece async for piece in found]


async def test_its_persona_is_ours_unless_a_configuration_has_one(
    engines: Engines, service: HumeServer, pool: EnginePool
) -> None:
    await pieces(engines.open(), Heard("Hello!"))
    said = {"type": "user_input", "text": "Hello!"}
    ours = {"type": "session_settings", "system_prompt": PERSONA}
    assert service.requests[-1].body["messages"] == [ours, said]
    keys = {"host": service.url, "api_key": KEY, "config_id": CONFIG}
    await pieces((await opened(pool, "hume_ai_agent", **keys)).open(), Heard("Hello!"))
    assert service.requests[-1].body["messages"] == [said]
    assert service.queries == [{"api_key": KEY}, {"api_key": KEY, "config_id": CONFIG}]


async def test_one_connection_serves_a_conversation_and_another_is_a_new_group(
    engines: Engines, service: HumeServer
) -> None:
    agent = engines.open()
    await agent.prepare()
    assert service.connections == 1
    for text in ("One.", "Two."):
        assert await pieces(agent, Heard(text)) == ["Hello, you."]
    assert len(service.queries) == 1
    await agent.recall([Remark("human", "I have a cat.")])
    await pieces(agent, Heard("Three."))
    assert len(service.queries) == 2
    assert "resumed_chat_group_id" not in service.queries[1]
    await agent.close()
    await until(lambda: service.connections == 0)


async def test_an_answer_that_is_given_up_is_followed_by_a_new_connection_to_the_same_group(
    engines: Engines, service: HumeServer
) -> None:
    service.reply = Reply(tokens=("Word.",) * 1000, pace_s=0.01)
    agent = engines.open()
    async with aclosing(agent.reply(Heard("Go on."))) as found:
        assert await anext(found) == "Word."
        assert await anext(found) == " Word."
    await until(lambda: not service.connections)
    service.reply = Reply()
    assert await pieces(agent, Heard("Still there?")) == ["Hello, you."]
    assert service.queries[1]["resumed_chat_group_id"] == "group-1"


async def test_a_connection_on_which_nobody_speaks_is_closed_and_opened_again(
    service: HumeServer, pool: EnginePool
) -> None:
    keys = {"host": service.url, "api_key": KEY, "idle_timeout": "1"}
    agent = (await opened(pool, "hume_ai_agent", **keys)).open()
    await pieces(agent, Heard("Hello!"))
    await until(lambda: not service.connections)
    assert await pieces(agent, Heard("Hello again!")) == ["Hello, you."]
    assert service.queries[1]["resumed_chat_group_id"] == "group-1"


async def test_a_greeting_is_not_taken_for_an_answer(engines: Engines, service: HumeServer) -> None:
    service.greeting = "Welcome!"
    assert await pieces(engines.open(), Heard("Hello!")) == ["Hello, you."]


async def test_that_it_cannot_see_is_told_once(engines: Engines) -> None:
    agent = engines.open()
    seen = Heard("Look.", ("data:image/png;base64,AAAA",))
    told, words = await pieces(agent, seen)
    assert isinstance(told, Notice)
    assert told.code == "pictures-unseen"
    assert words == "Hello, you."
    assert await pieces(agent, seen) == ["Hello, you."]


async def test_what_it_says_of_an_error_is_told_and_no_key(
    engines: Engines, service: HumeServer, pool: EnginePool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    service.reply = Reply(tokens=(), ending="error")
    with pytest.raises(EngineError, match=r"no credits left \(E0300, out_of_credits\)"):
        await pieces(engines.open(), Heard("Hello?"))
    wrong = "another-key-1234567890"
    other = await opened(pool, "hume_ai_agent", host=service.url, api_key=wrong)
    with pytest.raises(EngineError, match=r"refuses the agent_settings.*api_key") as told:
        await other.open().prepare()
    assert told.value.fault.code == "key-wrong"
    nobody = await opened(pool, "hume_ai_agent", host="127.0.0.1:1", api_key=KEY)
    with pytest.raises(EngineError, match=r"refused.*agent_settings\.hume_ai_agent\.host"):
        await nobody.open().prepare()
    assert wrong not in str(told.value)


@pytest.mark.parametrize("given", ["", "your_api_key"])
async def test_a_key_that_is_not_set_is_told_before_the_first_word(
    pool: EnginePool, given: str
) -> None:
    with pytest.raises(EngineError, match=r"hume_ai_agent\.api_key in conf.yaml, which is not set"):
        await opened(pool, "hume_ai_agent", api_key=given)


async def test_a_person_at_a_client_is_answered_by_our_voice(
    serve: Serve, service: HumeServer
) -> None:
    values = conf(asr="tests.support.engines:MuteASR", vad=None)
    agent = values["character_config"]["agent_config"]
    agent["conversation_agent_choice"] = "hume_ai_agent"
    keys = {"host": service.url, "api_key": KEY, "idle_timeout": 1}
    agent["agent_settings"]["hume_ai_agent"] = keys
    async with client(serve(values).url) as one:
        turn = await one.say("Hello there.")
        assert of_type(turn, "error") == []
        assert one.heard.strip() == "Hello, you."
        (audio,) = of_type(turn, "audio")
        assert audio["audio"]
    await until(lambda: not service.connections)
