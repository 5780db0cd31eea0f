"""A network that fails between clients and the server: who comes back misses nothing."""

from __future__ import annotations

import asyncio
import struct
from contextlib import suppress
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidMessage

from tests.conftest import Serve
from tests.support.client import Message, client, is_chain_end, of_type, shown
from tests.support.fault_proxy import Fault, FaultProxy, fault_proxy
from tests.support.leftovers import Leftovers
from tests.support.live import conf
from tests.support.returning import Returning, returning
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

MANY = " ".join(f"This is sentence number {number}." for number in range(12))
HEARD_S = 0.2
"""So long nothing may come before a client takes a connection for dead."""

FAULTS = {
    "delay": Fault(delay_s=0.01),
    "jitter": Fault(jitter_s=0.03),
    "slow": Fault(pace_s=0.002),
    "cut at once": Fault(ending="cut"),
    "cut in a frame": Fault(after=5_000, ending="cut"),
    "cut late": Fault(after=60_000, ending="cut"),
    "reset": Fault(after=20_000, ending="reset"),
    "silence": Fault(after=20_000, ending="silence"),
    "garbage": Fault(after=20_000, ending="garbage"),
}


def quick(**changes: Any) -> dict[str, Any]:
    sections = {"tone_tts": {"seconds": 0.2}}
    given = {"asr": "tests.support.engines:MuteASR", "vad": None, "sections": sections, **changes}
    return conf(**given)


async def whole_turn(one: Returning, proxy: FaultProxy) -> list[Message]:
    """Return a turn, however often the connection is lost: after the first time all is well."""
    messages: list[Message] = []
    while True:
        try:
            messages.append(message := await one.receive(HEARD_S))
            await one.play(message)
            if is_chain_end(message):
                return messages
        except (ConnectionClosed, asyncio.TimeoutError):
            proxy.mend()
            answer = await one.come_back()
            assert (answer["type"], answer["missed"]) == ("resumed", False)


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("way", ["to_client", "to_server"])
async def test_a_turn_is_whole_whatever_happens_on_the_way(
    serve: Serve, name: str, way: str
) -> None:
    server = serve(quick())
    before = Leftovers(server)
    async with fault_proxy(server.url) as proxy:
        async with returning(proxy.of(server.url)) as one:
            setattr(proxy, way, FAULTS[name])
            for _ in range(2):
                with suppress(ConnectionClosed):  # it is kept, and said again
                    await one.send("text-input", text=MANY)
                messages = await whole_turn(one, proxy)
                assert shown(messages).split() == MANY.split()
                assert len(of_type(messages, "error")) == 0
            proxy.mend()
            segments = [struct.unpack("<I", frame[4:8])[0] for frame in one.sound if frame[1] & 1]
            assert segments == sorted(set(segments))
            assert len(segments) == 24
            data = await one.ask(
                "fetch-and-set-history", "history-data", history_uid=one.history_uid
            )
            human = [m["content"] for m in data["messages"] if m["role"] == "human"]
            assert human == [MANY, MANY]
        await until(lambda: proxy.open == 0)
    await before.gone()


@pytest.mark.parametrize("name", [one for one in FAULTS if FAULTS[one].ending])
@pytest.mark.parametrize("way", ["to_client", "to_server"])
async def test_nothing_is_left_of_a_documented_client_that_is_lost(
    serve: Serve, name: str, way: str
) -> None:
    server = serve(quick(send_timeout_s=0.5))
    before = Leftovers(server)
    async with fault_proxy(server.url) as proxy:
        async with client(proxy.of(server.url)) as one:
            setattr(proxy, way, FAULTS[name])
            try:
                await one.send("text-input", text=MANY, images=[])
                await one.turn(timeout_s=HEARD_S)
            except (ConnectionClosed, asyncio.TimeoutError):
                pass
            proxy.cut(reset=True)
        proxy.mend()
        async with client(proxy.of(server.url)) as one:
            assert shown(await one.say("Hello.")).strip() == "Hello."
    await before.gone()


async def test_who_is_lost_amid_coming_back_comes_back_once_more(serve: Serve) -> None:
    server = serve(quick())
    before = Leftovers(server)
    async with fault_proxy(server.url) as proxy, returning(proxy.of(server.url)) as one:
        await one.send("text-input", text=MANY)
        messages = await one.until_type("audio", play=False)
        for after in (0, 100, 250, 400, 1000, 9000):
            proxy.to_client = Fault(after=after, ending="reset")
            try:
                one.lose()
                await one.come_back()
                while True:
                    messages.append(await one.receive(HEARD_S))
            except (ConnectionClosed, InvalidMessage, asyncio.TimeoutError, OSError):
                continue
        proxy.mend()
        assert (await one.come_back())["type"] == "resumed"
        if not is_chain_end(messages[-1]):
            messages += await one.turn_end()
    assert shown(messages).split() == MANY.split()
    await before.gone()


async def test_many_that_are_lost_at_once_all_go_on(serve: Serve) -> None:
    server = serve(quick())
    before = Leftovers(server)

    here: list[Returning] = []

    async def talk(url: str) -> str:
        async with returning(url) as one:
            await one.send("text-input", text=MANY)
            here.append(one)
            return shown(await whole_turn(one, proxy))

    async with fault_proxy(server.url) as proxy:
        talking = [asyncio.create_task(talk(proxy.of(server.url))) for _ in range(20)]
        await until(lambda: len(here) == 20)
        proxy.cut(reset=True)
        said = await asyncio.gather(*talking)
        assert proxy.connections >= 40
    assert all(one.split() == MANY.split() for one in said)
    await before.gone()
