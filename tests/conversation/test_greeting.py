"""What a character says first, over a real server: shown, heard, told to the model, and stored."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.engines.llm.openai_server import openai_server
from tests.support.client import Client, client, kinds, of_type, shown, socket_to
from tests.support.live import conf, live
from tests.support.tooling import asking

pytestmark = pytest.mark.anyio

GREETING = "Come in, {{user}}, the tide is out. I am {{char}}."
SAID = "Come in, my friend, the tide is out. I am Tester."


def greeting(values: dict[str, Any], text: str = GREETING) -> dict[str, Any]:
    values["character_config"]["greeting"] = text
    return values


def echoing() -> dict[str, Any]:
    sections: dict[str, dict[str, Any]] = {
        "tone_tts": {"seconds": 0.02},
        "echo_llm": {"reply": "I see."},
    }
    return conf(asr="tests.support.engines:MuteASR", vad=None, sections=sections)


async def stored(one: Client) -> list[tuple[str, str]]:
    told = await one.ask("fetch-and-set-history", "history-data", history_uid=one.history_uid)
    return [(message["role"], message["content"]) for message in told["messages"]]


async def test_a_new_conversation_begins_with_it(tmp_path: Path) -> None:
    with live(tmp_path, greeting(echoing())) as server:
        async with client(server.url) as one:
            first = await one.turn_end()
            assert shown(first) == SAID
            assert all(message["audio"] for message in of_type(first, "audio"))
            assert kinds(first)[0] == "conversation-chain-start"
            assert not of_type(first, "error")
            listed = await one.ask("fetch-history-list", "history-list")
            assert listed["histories"] == []  # nobody has said anything
            await one.say("Hello.")
            assert await stored(one) == [("ai", SAID), ("human", "Hello."), ("ai", "I see.")]
            await one.new_conversation()
            assert shown(await one.turn_end()) == SAID


async def test_the_model_knows_that_it_was_said(tmp_path: Path) -> None:
    async with openai_server() as model:
        with live(tmp_path, greeting(asking(model.base_url))) as server:
            async with client(server.url) as one:
                await one.turn_end()
                assert model.requests == []
                await one.say("Hello.")
                said = model.requests[-1].body["messages"][1:]
                assert [(one["role"], one["content"]) for one in said] == [
                    ("assistant", SAID),
                    ("user", "Hello."),
                ]


async def test_of_one_that_was_broken_into_what_was_heard_is_kept(tmp_path: Path) -> None:
    values = greeting(echoing(), "I am here. And I talk on and on.")
    values["character_config"]["tts_config"]["tone_tts"]["seconds"] = 5
    with live(tmp_path, values) as server:
        async with client(server.url) as one:
            await one.until_type("audio")
            await one.send("interrupt-signal", text="I am here.")
            await one.say("Stop.")
            assert (await stored(one))[:2] == [("ai", "I am here."), ("human", "Stop.")]


async def test_a_conversation_that_goes_on_has_none_and_neither_has_one_without_the_key(
    tmp_path: Path,
) -> None:
    with live(tmp_path, greeting(echoing())) as server:
        async with client(server.url) as one:
            await one.turn_end()
            await one.say("Hello.")
            uid = one.history_uid
        async with client(server.url, opened=False) as one:
            await one.ask("fetch-and-set-history", "history-data", history_uid=uid)
            assert "conversation-chain-start" not in kinds(await one.settled())
    with live(tmp_path, greeting(echoing(), "")) as server:
        async with client(server.url) as one:
            assert "conversation-chain-start" not in kinds(await one.settled())


async def test_it_is_known_to_a_character_that_is_renewed_meanwhile(tmp_path: Path) -> None:
    async with openai_server() as model:
        values = greeting(asking(model.base_url))
        with live(tmp_path, values) as server:
            async with client(server.url) as one:
                await one.turn_end()
                values["character_config"]["persona_prompt"] = "You are another test."
                text = yaml.safe_dump(values)
                await asyncio.to_thread((tmp_path / "conf.yaml").write_text, text, "utf-8")
                renewed = server.server.reconfiguration.choose_remembering(
                    "conf.yaml", remembers=False
                )
                await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(renewed, server.loop))
                await one.settled()
                await one.say("Hello.")
                prompt = model.requests[-1].body["messages"]
                assert prompt[0]["content"].startswith("You are Tester.\nYou are another test.\n")
                assert (prompt[1]["role"], prompt[1]["content"]) == ("assistant", SAID)
            assert (await server_messages(server.url, one.history_uid))[0] == ("ai", SAID)


async def server_messages(url: str, uid: str) -> list[tuple[str, str]]:
    async with client(url, opened=False) as one:
        one.history_uid = uid
        return await stored(one)


async def test_who_says_hello_is_greeted_in_a_new_conversation_and_not_in_an_old_one(
    tmp_path: Path,
) -> None:
    with live(tmp_path, greeting(echoing())) as server:
        address = f"{server.url}/client-ws?hello=1"
        async with socket_to(address) as socket:
            one = Client(socket)
            await one.send("hello")
            got = await one.turn_end()
            assert kinds(got).index("new-history-created") < kinds(got).index("audio")
            assert shown(got) == SAID
            await one.say("Hello.")
        async with socket_to(address) as socket:
            again = Client(socket)
            await again.send("hello", history_uid=one.history_uid)
            assert "conversation-chain-start" not in kinds(await again.settled())


async def test_a_group_has_none(tmp_path: Path) -> None:
    with live(tmp_path, greeting(echoing())) as server:
        async with client(server.url) as one, client(server.url) as two:
            await one.turn_end()
            await two.turn_end()
            result = await one.change_group("add-client-to-group", invitee_uid=two.uid)
            assert result["success"]
            await one.new_conversation()
            assert "conversation-chain-start" not in kinds(await one.settled())
