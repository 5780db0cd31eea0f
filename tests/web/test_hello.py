"""The extension `hello`: who says at first what it wants is greeted with that, once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.conftest import Serve
from tests.support.client import Client, Message, client, kinds, of_type, shown, socket_to
from tests.support.live import Live
from tests.support.waiting import until
from tests.web.test_extensions import slow
from tests.web.test_switching import quick, write

pytestmark = pytest.mark.anyio

GREETING = ["group-update", "full-text", "set-model-and-conf", "group-update", "start-mic"]


@asynccontextmanager
async def introduced(server: Live) -> AsyncIterator[Client]:
    """Connect as a client that says `hello`."""
    async with socket_to(f"{server.url}/client-ws?hello=1") as socket:
        yield Client(socket)


async def greeted(one: Client, **hello: Any) -> list[Message]:
    """Say hello; return all that comes of it."""
    await one.send("hello", **hello)
    return await one.settled()


def pirates(server: Live) -> None:
    write(server, "pirate.yaml", conf_name="pirate", conf_uid="pirate_1", character_name="Anne")


async def test_the_first_that_comes_is_of_the_character_that_was_asked_for(serve: Serve) -> None:
    server = serve(quick())
    pirates(server)
    async with introduced(server) as one:
        messages = await greeted(one, extensions=["turn-ids", "teleport"], file="pirate.yaml")
        assert kinds(messages) == ["extensions-enabled", *GREETING, "new-history-created"]
        assert messages[0]["extensions"] == ["turn-ids"]
        (model,) = of_type(messages, "set-model-and-conf")
        assert (model["conf_name"], model["file"]) == ("pirate", "pirate.yaml")
        assert model["client_uid"]
        answer = await one.say("Ahoy.")
    assert of_type(answer, "audio")[0]["display_text"]["name"] == "Anne"
    assert all(message["turn"] for message in answer)


async def test_a_conversation_goes_on_with_its_character(serve: Serve) -> None:
    server = serve(quick())
    pirates(server)
    async with introduced(server) as one:
        await greeted(one, file="pirate.yaml")
        uid = one.history_uid
        await one.say("Remember the treasure.")
    async with introduced(server) as again:
        messages = await greeted(again, file="pirate.yaml", history_uid=uid, request_id="7")
        assert kinds(messages) == ["extensions-enabled", *GREETING, "history-data"]
        data = messages[-1]
        assert (data["history_uid"], data["request_id"]) == (uid, "7")
        assert data["messages"][0]["content"] == "Remember the treasure."
        await again.say("And then?")
        listed = await again.ask("fetch-history-list", "history-list")
    assert [one["uid"] for one in listed["histories"]] == [uid]


async def test_who_asks_for_nothing_has_the_character_of_conf_yaml(serve: Serve) -> None:
    async with introduced(serve(quick())) as one:
        messages = await greeted(one)
        assert kinds(messages) == ["extensions-enabled", *GREETING, "new-history-created"]
        assert messages[0]["extensions"] == []
        (model,) = of_type(messages, "set-model-and-conf")
        assert (model["conf_name"], model["file"]) == ("tester", "conf.yaml")


async def test_an_unknown_character_is_told_and_conf_yaml_takes_its_place(serve: Serve) -> None:
    async with introduced(serve(quick())) as one:
        hello = {"file": "nobody.yaml", "history_uid": "x", "request_id": "1"}
        messages = await greeted(one, extensions=["error-codes"], **hello)
    assert kinds(messages) == ["extensions-enabled", "error", *GREETING, "new-history-created"]
    error = messages[1]
    assert (error["code"], error["request_id"]) == ("character-unknown", "1")
    assert (error["about"], error["params"]) == ("hello", {"file": "nobody.yaml"})
    (model,) = of_type(messages, "set-model-and-conf")
    assert model["file"] == "conf.yaml"


async def test_a_conversation_that_cannot_be_is_told_and_a_new_one_begins(serve: Serve) -> None:
    async with introduced(serve(quick())) as one:
        messages = await greeted(one, extensions=["error-codes"], history_uid="x", request_id="1")
    assert kinds(messages) == ["extensions-enabled", *GREETING, "error", "new-history-created"]
    (error,) = of_type(messages, "error")
    assert (error["code"], error["request_id"]) == ("history-unknown", "1")


async def test_another_character_or_conversation_is_named_later_on_too(serve: Serve) -> None:
    server = serve(quick())
    pirates(server)
    async with introduced(server) as one:
        await greeted(one)
        uid = one.history_uid
        await one.say("Hello.")
        data = await one.ask("fetch-and-set-history", "history-data", history_uid=uid)
        await one.send("switch-config", file="pirate.yaml")
        (model,) = of_type(await one.until_type("config-switched"), "set-model-and-conf")
    assert data["history_uid"] == uid
    assert model["file"] == "pirate.yaml"


@pytest.mark.parametrize(
    "first", ['{"type":"heartbeat"}', "no JSON", '{"type":"hello","file":7}', b"\0\0"]
)
async def test_any_other_first_message_is_answered_after_the_greeting(
    serve: Serve, first: str | bytes
) -> None:
    async with introduced(serve(quick())) as one:
        await one.socket.send(first)
        messages = await one.until(lambda m: m["type"] in ("heartbeat-ack", "error"))
    assert [kind for kind in kinds(messages) if kind != "full-text"][:4] == [
        kind for kind in GREETING if kind != "full-text"
    ]
    (model,) = of_type(messages, "set-model-and-conf")
    assert "file" not in model


async def test_who_says_nothing_is_greeted_after_a_while(serve: Serve) -> None:
    values = quick()
    values["system_config"]["limits"]["hello_timeout_s"] = 0.1
    async with introduced(serve(values)) as one:
        greeting = [await one.receive() for _ in GREETING]
        assert kinds(greeting) == GREETING
        await one.send("hello", file="pirate.yaml")
        (error,) = of_type(await one.settled(), "error")
    assert "enable-extensions" in error["message"]


async def test_who_leaves_before_a_word_is_forgotten(serve: Serve) -> None:
    server = serve(quick())
    async with introduced(server):
        pass
    async with client(server.url) as one:
        assert shown(await one.say("Hello."))
        await until(lambda: server.server.connections == 1)


async def test_engines_are_followed_from_the_start(serve: Serve) -> None:
    async with introduced(serve(slow(load_s=0.5))) as one:
        await one.send("hello", extensions=["loading-progress", "config-warnings"])
        messages = await one.until(
            lambda m: (
                m["type"] == "loading-progress"
                and all(engine["state"] == "ready" for engine in m["engines"])
            )
        )
    assert kinds(messages)[0] == "extensions-enabled"
    assert len(of_type(messages, "config-warnings")) == 1
    assert len(of_type(messages, "loading-progress")) > 1


async def test_a_documented_client_sees_nothing_of_it(serve: Serve) -> None:
    server = serve(quick())
    pirates(server)
    async with client(server.url, opened=False) as one:
        greeting = [await one.receive() for _ in GREETING]
        assert kinds(greeting) == GREETING
        assert set(greeting[2]) == {"type", "model_info", "conf_name", "conf_uid", "client_uid"}
        await one.ask("create-new-history", "new-history-created")
        data = await one.ask("fetch-and-set-history", "history-data", history_uid=one.history_uid)
        assert set(data) == {"type", "messages"}
        await one.send("switch-config", file="pirate.yaml")
        (model,) = of_type(await one.until_type("config-switched"), "set-model-and-conf")
        assert set(model) == {"type", "model_info", "conf_name", "conf_uid"}
