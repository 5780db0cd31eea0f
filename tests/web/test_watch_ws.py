"""/watch-ws over real sockets: what who looks on is shown, of whom, and who may."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, ConnectionClosedError

from tests.conftest import Serve
from tests.support.client import Client, is_chain_end, is_chain_start, of_type, shown, socket_to
from tests.support.live import Live, conf

pytestmark = pytest.mark.anyio

PRIVATE = ("user-input-transcription", "history-data", "full-text", "group-update", "error")


def quiet(seconds: float = 0.05, **echo: Any) -> dict[str, Any]:
    sections: dict[str, dict[str, Any]] = {"tone_tts": {"seconds": seconds}, "echo_llm": echo}
    return conf(asr="tests.support.engines:MuteASR", vad=None, sections=sections)


@asynccontextmanager
async def talker(server: Live) -> AsyncIterator[Client]:
    async with socket_to(server.url) as socket:
        one = Client(socket)
        await one.until_type("set-model-and-conf")
        await one.settled()
        yield one


@asynccontextmanager
async def spectator(server: Live) -> AsyncIterator[Client]:
    """One who looks on, and has been told at whom."""
    async with socket_to(server.url, "/watch-ws") as socket:
        one = Client(socket)
        await one.until_type("set-model-and-conf", play=False)
        yield one


async def looked(one: Client) -> list[dict[str, Any]]:
    """Return what is shown of a turn."""
    return await one.until(is_chain_end, play=False)


async def test_what_she_says_is_shown_and_what_is_said_to_her_is_not(serve: Serve) -> None:
    server = serve(quiet())
    async with talker(server) as one, spectator(server) as two:
        await one.say("Nobody else's business.")
        messages = await looked(two)
        assert is_chain_start(messages[0])
        assert shown(messages).strip() == "Nobody else's business."  # she repeats it
        assert of_type(messages, "audio")[0]["audio"]
        assert [m for kind in PRIVATE for m in of_type(messages, kind)] == []
        # Whoever looks on has no say.
        await two.send("text-input", text="I want to talk, too.", images=[])
        await two.send("interrupt-signal", text="")
        assert await two.beat(play=False) == []
        await one.say("Only I do.")
        assert shown(await looked(two)).strip() == "Only I do."


async def test_nobody_is_told_how_the_other_is_invited(serve: Serve) -> None:
    server = serve(quiet())
    async with spectator(server) as alone:
        assert alone.model["conf_name"] == "tester"  # before anybody talks with her
        async with talker(server) as one, spectator(server) as two:
            assert one.uid
            assert "client_uid" not in two.model
            assert two.model["conf_name"] == "tester"


async def test_binary_speech_is_shown_as_it_is_sent(serve: Serve) -> None:
    server = serve(quiet())
    async with socket_to(server.url) as socket, spectator(server) as two:
        await socket.send('{"type":"enable-extensions","extensions":["speech-chunks","turn-ids"]}')
        await socket.send('{"type":"text-input","text":"Hello.","images":[]}')
        mine: list[bytes] = []
        theirs: list[bytes] = []
        for frames, at in ((mine, socket), (theirs, two.socket)):
            while True:
                frame = await asyncio.wait_for(at.recv(), 60)
                if isinstance(frame, bytes):
                    frames.append(frame)
                elif '"backend-synth-complete"' in frame:
                    break
        assert theirs == mine
        assert mine


async def test_an_interrupt_is_shown_and_one_of_an_earlier_turn_is_not(serve: Serve) -> None:
    server = serve(quiet(seconds=0.05, reply="One. Two. Three."))
    async with talker(server) as one, spectator(server) as two:
        await one.send("enable-extensions", extensions=["turn-ids"])
        await one.send("text-input", text="Count.", images=[])
        messages = await one.until_type("backend-synth-complete", play=False)
        turn = next(m["turn"] for m in messages if is_chain_start(m))
        await one.send("interrupt-signal", text="", turn="another")
        await one.beat(play=False)
        await one.send("interrupt-signal", text="One.", turn=turn)
        seen = await two.until_type("interrupt-signal", play=False)
        assert of_type(seen, "backend-synth-complete")  # the other one stopped nothing before
        await one.send("interrupt-signal", text="", turn=turn)
        await one.say("Again.")
        assert of_type(await two.until(is_chain_start, play=False), "interrupt-signal") == []


async def test_what_ends_a_turn_without_a_word_ends_it_here_as_well(serve: Serve) -> None:
    server = serve(quiet(reply="One. Two. Three."))
    async with talker(server) as one, spectator(server) as two:
        await one.send("text-input", text="Count.", images=[])
        await one.until_type("backend-synth-complete", play=False)
        await one.send("create-new-history")
        await two.until_type("interrupt-signal", play=False)


async def test_who_comes_in_the_middle_hears_the_rest(serve: Serve) -> None:
    server = serve(quiet(reply="One. Two."))
    async with talker(server) as one:
        await one.send("text-input", text="Count.", images=[])
        await one.until_type("backend-synth-complete", play=False)
        async with spectator(server) as two:
            await one.send("frontend-playback-complete")
            assert is_chain_start(await two.receive())
            await looked(two)


async def test_the_first_who_talks_is_looked_at_while_they_are_there(serve: Serve) -> None:
    server = serve(quiet())
    async with talker(server) as silent, spectator(server) as two:
        async with talker(server) as first, talker(server) as second:
            await first.say("First.")
            assert shown(await looked(two)).strip() == "First."
            await second.say("Second.")
            await silent.say("Not silent any more.")
            await first.say("First again.")
            assert shown(await looked(two)).strip() == "First again."
        await two.until_type("set-model-and-conf", play=False)  # they have gone
        await silent.say("At last.")
        assert shown(await looked(two)).strip() == "At last."


async def test_strangers_do_not_look_on(serve: Serve) -> None:
    """Without a token, only who is on this computer does, and nobody through a proxy."""
    server = serve(quiet())
    url = server.url.replace("http", "ws", 1) + "/watch-ws"
    async with connect(url, additional_headers={"X-Forwarded-For": "192.0.2.1"}) as socket:
        with pytest.raises(ConnectionClosedError) as closed:
            await socket.recv()
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, "token" in closed.value.rcvd.reason) == (1008, True)


async def test_no_more_look_on_than_may_be_connected(serve: Serve) -> None:
    values = quiet()
    values["system_config"]["limits"] = {"max_connections": 1}
    server = serve(values)
    async with spectator(server) as one, socket_to(server.url, "/watch-ws") as socket:
        with pytest.raises(ConnectionClosedError):
            await socket.recv()
        async with talker(server) as talks:  # who looks on takes nobody's place
            await talks.say("Hello.")
            assert orjson.dumps(await looked(one))
    async with spectator(server):
        pass


async def drained(socket: ClientConnection) -> None:
    while True:
        await socket.recv()


async def test_who_takes_nothing_is_cut_off_and_nobody_waits_for_it(serve: Serve) -> None:
    values = quiet(seconds=8, reply=" ".join(f"This is sentence {n}." for n in range(60)))
    values["system_config"]["limits"] = {"max_waiting_messages": 20}
    server = serve(values)
    async with talker(server) as one, socket_to(server.url, "/watch-ws", max_queue=1) as deaf:
        await one.say("Talk.")
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(drained(deaf), 60)
        async with spectator(server) as two:  # there is room for another one
            assert two.model["conf_name"] == "tester"
        assert shown(await one.say("Again.")).startswith("This is sentence 0.")
