"""A long conversation is summed up by a real server, kept with it, and forgotten with it."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest
from sqlalchemy import Connection, select

from open_llm_vtuber.history.memory_schema import summaries
from tests.conftest import Serve
from tests.engines.llm.openai_server import OpenAIServer, Reply, openai_server
from tests.support.client import Client, client
from tests.support.live import Live, conf

from .test_end_to_end import OWNER, begin, bytes_of, comes_to_know, of

pytestmark = pytest.mark.anyio

NOTES = "You keep the notes"
SUMMARY = "The person lives in Marrakesh and talked of the sea."
TOLD = f"(What was said before, in short: {SUMMARY})"


def configuration(service: OpenAIServer) -> dict[str, Any]:
    section = {"base_url": service.base_url, "model": "some-8b", "llm_api_key": "none"}
    return conf(
        asr="tests.support.engines:MuteASR",
        vad=None,
        llm="openai_compatible_llm",
        remembers=True,
        sections={"tone_tts": {"seconds": 0.02}, "openai_compatible_llm": section},
        max_history_messages=21,
    )


def texts(connection: Connection) -> list[str]:
    return list(connection.execute(select(summaries.c.text)).scalars())


async def stored(server: Live) -> list[str]:
    return await of(server, server.server.history.read(texts))


async def becomes(server: Live, *expected: str) -> None:
    """Wait until these summaries are stored."""
    for _ in range(600):
        found = await stored(server)
        if found == list(expected):
            return
        await asyncio.sleep(0.05)
    assert found == list(expected)


async def talks(one: Client) -> str:
    """Begin a conversation of seven turns; return its uid."""
    uid = await begin(one)
    await one.say("I live in Marrakesh.")
    for number in range(2, 8):
        await one.say(f"The sea is {number} miles away.")
    return uid


def noted(service: OpenAIServer) -> list[str]:
    """Return what it was given to sum up."""
    asked = [orjson.dumps(request.body).decode() for request in service.requests]
    return [text for text in asked if NOTES in text]


def first_of(service: OpenAIServer) -> str:
    """Return how the conversation began that it was asked with last."""
    text: str = service.requests[-1].body["messages"][1]["content"]
    return text


async def test_a_summary_is_kept_with_its_conversation_and_forgotten_with_what_is_in_it(
    serve: Serve,
) -> None:
    async with openai_server() as service:
        service.reply, service.to = Reply(("I see.",)), {NOTES: Reply((SUMMARY,))}
        server = serve(configuration(service))
        async with client(server.url) as one:
            uid = await talks(one)
            await becomes(server, TOLD)
            assert "I live in Marrakesh." in noted(service)[0]
        async with client(server.url) as one:
            await one.ask("fetch-and-set-history", "history-data", history_uid=uid)
            await one.say("Well?")
            assert TOLD in first_of(service)
            assert "The sea is 7 miles away." in first_of(service)
            await one.send("enable-extensions", extensions=["memory"])
            await comes_to_know(server, "I live in Marrakesh.")
            (fact,) = await of(server, server.server.memories.facts(OWNER))
            await one.ask("forget-fact", "memory-changed", fact=fact.id)
            assert await stored(server) == []
            await one.settled()
            await one.say("And now?")
            assert "arrakesh" not in orjson.dumps(service.requests[-1].body).decode()
            assert b"arrakesh" not in await asyncio.to_thread(bytes_of, server.server.folder)
        assert len(noted(service)) == 1


async def test_a_conversation_that_is_not_to_be_remembered_keeps_none(serve: Serve) -> None:
    async with openai_server() as service:
        service.reply, service.to = Reply(("I see.",)), {NOTES: Reply((SUMMARY,))}
        server = serve(configuration(service))
        async with client(server.url) as one:
            uid = await talks(one)
            await becomes(server, TOLD)
            await one.send("enable-extensions", extensions=["memory"])
            keep = {"history_uid": uid, "remembered": False}
            await one.ask("keep-conversation", "memory-changed", **keep)
            assert await stored(server) == []
            await one.settled()
            await one.say("Well?")
            assert TOLD not in first_of(service)


async def test_what_another_conversation_says_of_it_is_forgotten_too(serve: Serve) -> None:
    async with openai_server() as service:
        service.reply, service.to = Reply(("I see.",)), {NOTES: Reply((SUMMARY,))}
        server = serve(configuration(service))
        async with client(server.url) as one:
            await talks(one)
            await becomes(server, TOLD)
            service.to = {NOTES: Reply(("They spoke of rain.",))}
            await talks(one)
            await becomes(server, TOLD, "(What was said before, in short: They spoke of rain.)")
            memories = server.server.memories
            (fact,) = await of(server, memories.facts(OWNER))
            forgotten = await of(server, memories.forget(OWNER, fact.id))
            assert await stored(server) == []
            assert forgotten.mentions == []
