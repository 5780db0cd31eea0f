"""A network that fails before PostgreSQL: a turn ends, says why, and the next one is kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.conftest import Serve
from tests.history.conftest import postgres as postgres
from tests.history.postgres import Postgres
from tests.support.client import Client, client, kinds, of_type, shown
from tests.support.fault_proxy import Fault, FaultProxy, fault_proxy
from tests.support.leftovers import Leftovers
from tests.support.live import conf
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

TROUBLES = {
    "cut": Fault(ending="cut"),
    "cut in an answer": Fault(after=40, ending="cut"),
    "reset": Fault(ending="reset"),
    "silent": Fault(ending="silence"),
    "silent in an answer": Fault(after=40, ending="silence"),
    "garbage": Fault(ending="garbage"),
}


@asynccontextmanager
async def scene(serve: Serve, postgres: Postgres) -> AsyncIterator[tuple[Client, FaultProxy]]:
    """A client of a server whose conversations are behind a network; one turn has gone well."""
    url = postgres.new_database()
    async with fault_proxy(url) as proxy:
        values: dict[str, Any] = conf(
            asr="tests.support.engines:MuteASR",
            vad=None,
            sections={"tone_tts": {"seconds": 0.05}},
            database_timeout_s=2,
        )
        values["system_config"]["history_url"] = proxy.of(url)
        server = await asyncio.to_thread(serve, values)  # it is reached by way of this loop
        async with client(server.url) as one:
            extensions = ["error-codes"]
            await one.ask("enable-extensions", "extensions-enabled", extensions=extensions)
            await until(lambda: not server.server.condition()[0])
            assert of_type(await one.say("All is well."), "error") == []
            before = Leftovers(server)
            yield one, proxy
            await before.gone(of_clients=False)


@pytest.mark.parametrize("name", TROUBLES)
async def test_a_turn_ends_and_what_is_said_later_is_kept(
    serve: Serve, postgres: Postgres, name: str
) -> None:
    async with scene(serve, postgres) as (one, proxy):
        uid = one.history_uid
        proxy.cut()
        proxy.to_client = TROUBLES[name]
        messages = await one.say("Is this kept?")
        assert kinds(messages)[-1] == "conversation-chain-end"
        assert shown(messages).strip() == "Is this kept?"
        (error,) = of_type(messages, "error")
        assert error["code"] == "history-failed", error
        assert "history_url" in error["message"], error
        assert "tester" not in error["message"]
        proxy.cut()
        proxy.mend()
        assert of_type(await one.say("And this?"), "error") == []
        data = await one.ask("fetch-and-set-history", "history-data", history_uid=uid)
        said = [m["content"].strip() for m in data["messages"] if m["role"] == "human"]
        assert said[0] == "All is well."
        assert said[-1] == "And this?"


async def test_a_slow_line_loses_nothing(serve: Serve, postgres: Postgres) -> None:
    async with scene(serve, postgres) as (one, proxy):
        for fault in (Fault(delay_s=0.01), Fault(jitter_s=0.02), Fault(pace_s=0.002)):
            proxy.to_client = fault
            assert of_type(await one.say("Slowly."), "error") == []


async def test_kept_connections_that_died_are_not_asked(serve: Serve, postgres: Postgres) -> None:
    async with scene(serve, postgres) as (one, proxy):
        proxy.cut(reset=True)
        await until(lambda: proxy.open == 0)
        assert of_type(await one.say("Still kept?"), "error") == []
