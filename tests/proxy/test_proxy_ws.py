"""/proxy-ws over real sockets, with real servers behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
from websockets.asyncio.server import ServerConnection
from websockets.asyncio.server import serve as listen

from tests.conftest import Serve
from tests.support.client import Client, Message, is_chain_end, kinds, of_type, shown, socket_to
from tests.support.live import Live, conf

from .relay import relay_to

pytestmark = pytest.mark.anyio

ENGINES = "tests.support.engines:"


def proxied(url: str = "", seconds: float = 0.05, **echo: Any) -> dict[str, Any]:
    sections: dict[str, dict[str, Any]] = {"tone_tts": {"seconds": seconds}, "echo_llm": echo}
    values = conf(asr=f"{ENGINES}MuteASR", vad=None, sections=sections)
    values["system_config"] |= {"enable_proxy": True, "proxy_url": url}
    return values


@asynccontextmanager
async def member(server: Live) -> AsyncIterator[Client]:
    async with socket_to(server.url, "/proxy-ws") as socket:
        one = Client(socket)
        await one.until_type("set-model-and-conf")
        yield one


async def test_all_see_what_one_says_and_is_answered(serve: Serve) -> None:
    server = serve(proxied())
    async with member(server) as one, member(server) as two:
        assert server.server.connections == 1
        await one.send("text-input", text="Hello from one.", images=[])
        mine = await one.until(is_chain_end)
        theirs = await two.until(is_chain_end)
    assert shown(mine).strip() == shown(theirs).strip() == "Hello from one."
    assert [m["text"] for m in of_type(theirs, "user-input-transcription")] == ["Hello from one."]
    assert of_type(mine, "user-input-transcription") == []


async def test_a_connector_that_sends_only_a_type_and_a_text_works(serve: Serve) -> None:
    """Protocol section 6: the connector of Bilibili."""
    server = serve(proxied())
    async with member(server) as page, member(server) as connector:
        await connector.socket.send('{"type":"text-input","text":"弹幕你好。"}')
        assert shown(await page.until(is_chain_end)).strip() == "弹幕你好。"


async def test_texts_of_many_are_answered_one_after_another(serve: Serve) -> None:
    server = serve(proxied())
    async with member(server) as one, member(server) as two:
        await one.send("text-input", text="One 0.", images=[])
        # The first answer is not played before all texts are here.
        messages = await one.until_type("backend-synth-complete", play=False)
        for number in (1, 2):
            await one.send("text-input", text=f"One {number}.", images=[])
        await one.beat()
        await two.send("text-input", text="Two.", images=[])
        await two.beat()
        await one.send("frontend-playback-complete")
        messages += [m for _ in range(4) for m in await one.until(is_chain_end)]
    starts = [kind for kind in kinds(messages) if kind.startswith("conversation-chain")]
    assert starts == ["conversation-chain-start", "conversation-chain-end"] * 4
    texts = shown(messages)
    assert texts.index("Two.") < texts.index("One 2.")


async def test_a_failed_turn_does_not_block_the_queue(serve: Serve) -> None:
    """Protocol section 10: without a chain-end the queue waited for ever."""
    server = serve(proxied())
    async with member(server) as one:
        await one.send("text-input", text=" ", images=[])
        await one.send("text-input", text="Still there?", images=[])
        messages = [m for _ in range(2) for m in await one.until(is_chain_end)]
    assert len(of_type(messages, "error")) == 1
    assert shown(messages).strip() == "Still there?"


async def test_bad_messages_are_told_to_their_sender_alone(serve: Serve) -> None:
    server = serve(proxied())
    async with member(server) as one, member(server) as two:
        for frame in ("{", "[]", '{"type":7}', '{"type":"text-input"}'):
            await one.socket.send(frame)
            assert (await one.until_type("error"))[-1]["message"]
        await two.send("heartbeat")
        assert of_type(await two.until_type("heartbeat-ack"), "error") == []


async def test_messages_of_any_size_pass(serve: Serve) -> None:
    """Protocol section 10: sound over 4 MB killed the shared connection."""
    server = serve(proxied(seconds=330))
    async with member(server) as one:
        await one.send("text-input", text="A long one.", images=[])
        (audio,) = of_type(await one.until(is_chain_end), "audio")
    assert len(audio["audio"]) > 20_000_000


async def test_it_comes_back_after_any_number_of_disconnects(serve: Serve) -> None:
    """Protocol section 10: it came back once at most."""
    behind = serve(proxied())
    async with relay_to(behind.server.config.system_config.port) as relay:
        server = serve(proxied(f"ws://127.0.0.1:{relay.port}/client-ws"))
        async with member(server) as one:
            for number in range(20):
                relay.cut()
                await one.until(lambda m: "trying again" in m.get("text", ""))
                await one.until_type("set-model-and-conf")
                assert relay.connections == number + 2
                await one.send("text-input", text=f"Round {number}.", images=[])
                assert shown(await one.until(is_chain_end)).strip() == f"Round {number}."


async def test_what_waits_while_the_server_is_away_is_said_when_it_is_back(serve: Serve) -> None:
    behind = serve(proxied(delay_s=0.2))
    async with relay_to(behind.server.config.system_config.port) as relay:
        server = serve(proxied(f"ws://127.0.0.1:{relay.port}/client-ws"))
        async with member(server) as one:
            await one.send("text-input", text="This one is lost midway.", images=[])
            await one.send("text-input", text="This waits.", images=[])
            await one.until(lambda m: m.get("text") == "conversation-chain-start")
            relay.cut()
            assert shown(await one.until(is_chain_end)).strip() == "This waits."


async def test_who_comes_while_the_last_one_leaves_is_served(serve: Serve) -> None:
    server = serve(proxied())
    for _ in range(10):
        async with member(server) as one:
            leaving = asyncio.create_task(one.socket.close())
            async with member(server) as two:
                await two.send("text-input", text="Me too.", images=[])
                assert shown(await two.until(is_chain_end)).strip() == "Me too."
            await leaving


async def test_the_last_one_closes_the_conversation(serve: Serve) -> None:
    server = serve(proxied())
    async with member(server):
        assert server.server.connections == 1
    for _ in range(100):
        if server.server.connections == 0:
            break
        await asyncio.sleep(0.05)
    assert server.server.connections == 0


async def test_a_slow_member_stops_nobody(serve: Serve) -> None:
    values = proxied(seconds=20)
    values["system_config"]["limits"]["max_waiting_messages"] = 16
    server = serve(values)
    async with (
        socket_to(server.url, "/proxy-ws", max_queue=1) as slow,
        member(server) as one,
    ):
        for number in range(8):
            await one.send("text-input", text=f"Number {number}.", images=[])
            assert shown(await one.until(is_chain_end)).strip() == f"Number {number}."
        assert slow


async def test_an_interrupt_frees_the_queue(serve: Serve) -> None:
    server = serve(proxied(delay_s=0.2, reply="One. Two. Three. Four. Five. Six. Seven."))
    async with member(server) as one:
        await one.send("text-input", text="Go on.", images=[])
        await one.until_type("audio")
        await one.send("interrupt-signal", text="One.")
        await one.send("text-input", text="Again.", images=[])
        messages: list[Message] = await one.until(is_chain_end)
    assert orjson.dumps(messages)


async def test_no_extensions_where_what_one_asked_for_would_go_to_all(serve: Serve) -> None:
    server = serve(proxied())
    async with member(server) as one, member(server) as two:
        answer = await one.ask(
            "enable-extensions", "extensions-enabled", extensions=["turn-metrics"]
        )
        assert answer["extensions"] == []
        await one.send("text-input", text="Hello.", images=[])
        theirs = await two.until(is_chain_end)
    assert {"extensions-enabled", "turn-metrics"}.isdisjoint(kinds(theirs))


@pytest.mark.parametrize("images", [["bad"], [{"source": "moon"}], "none", 7])
async def test_a_text_that_is_refused_stops_nobody(serve: Serve, images: object) -> None:
    server = serve(proxied())
    async with member(server) as one, member(server) as two:
        await one.send("text-input", text="Look.", images=images)
        assert "images" in (await one.until_type("error"))[-1]["message"]
        await two.send("text-input", text="Good evening.", images=[])
        theirs = await two.until(is_chain_end)
    assert shown(theirs).strip() == "Good evening."
    assert of_type(theirs, "error") == []


async def test_a_text_that_only_the_server_refuses_stops_nobody(serve: Serve) -> None:
    """The other server has limits of its own: it answers with an error, and no turn begins."""
    async with scripted() as (url, received):
        server = serve(proxied(url))
        async with member(server) as one, member(server) as two:
            await one.send("text-input", text="refuse this", images=[])
            await one.send("text-input", text="refuse this too", images=[])
            await two.send("text-input", text="Hello.", images=[])
            theirs = await two.until(is_chain_end)
    assert len(of_type(theirs, "error")) in (1, 2)  # the second may come after the answer
    assert sorted(received) == ["Hello.", "refuse this", "refuse this too"]


@asynccontextmanager
async def scripted() -> AsyncIterator[tuple[str, list[str]]]:
    """A server that speaks the documented protocol, and refuses some texts."""
    received: list[str] = []

    async def serve_one(socket: ServerConnection) -> None:
        await socket.send('{"type": "set-model-and-conf", "client_uid": "x"}')
        async for frame in socket:
            message = orjson.loads(frame)
            if message["type"] == "heartbeat":
                await socket.send('{"type": "heartbeat-ack"}')
            elif message["type"] == "request-init-config":
                await socket.send('{"type": "set-model-and-conf", "client_uid": "x"}')
            elif message["type"] == "text-input":
                received.append(message["text"])
                if message["text"].startswith("refuse"):
                    await socket.send('{"type": "error", "message": "No."}')
                    continue
                for text in ("conversation-chain-start", "conversation-chain-end"):
                    await socket.send(f'{{"type": "control", "text": "{text}"}}')

    async with listen(serve_one, "127.0.0.1", 0) as listening:
        port = next(iter(listening.sockets)).getsockname()[1]
        yield f"ws://127.0.0.1:{port}/client-ws", received


@pytest.mark.parametrize("kind", ["create-new-history", "fetch-and-set-history", "switch-config"])
async def test_who_leaves_the_conversation_does_not_stop_the_others(
    serve: Serve, kind: str
) -> None:
    """Another conversation or character stops the turn, and its end is then not told."""
    values = proxied(delay_s=0.3, reply="One. Two. Three. Four. Five. Six. Seven.")
    values["system_config"]["limits"] |= {"playback_grace_s": 0.1}
    server = serve(values)
    fields = {
        "create-new-history": {},
        "fetch-and-set-history": {"history_uid": f"2026-01-01_00-00-00_{'0' * 32}"},
        "switch-config": {"file": "conf.yaml"},
    }[kind]
    async with member(server) as one, member(server) as two:
        await one.send("text-input", text="Go on.", images=[])
        await one.until_type("audio")
        await two.send(kind, **fields)
        await two.send("text-input", text="Are you there?", images=[])
        await one.until_type("user-input-transcription", play=False)
        ends = [person.until(is_chain_end, play=False) for person in (one, two)]
        assert all(is_chain_end(messages[-1]) for messages in await asyncio.gather(*ends))


async def test_texts_that_wait_take_no_more_than_the_limit(serve: Serve) -> None:
    values = proxied(delay_s=0.3, reply="One. Two. Three. Four. Five. Six. Seven.")
    limits = {"max_waiting_bytes": 400_000, "max_queued_turns": 9, "max_text_chars": 100_000}
    values["system_config"]["limits"] |= limits
    server = serve(values)
    async with member(server) as one, member(server) as two:
        await one.send("text-input", text="Go on.", images=[])
        await one.until_type("audio")
        for _ in range(9):
            await one.send("text-input", text="x" * 90_000, images=[])
        messages = await one.settled()
        assert len(of_type(messages, "error")) == 7
        await two.send("text-input", text="A short one.", images=[])
        assert of_type(await two.settled(), "error") == []


async def test_a_text_that_is_too_long_is_shown_to_nobody(serve: Serve) -> None:
    server = serve(proxied())
    async with member(server) as one, member(server) as two:
        await one.send("text-input", text="x" * 20_001, images=[])
        (error,) = of_type(await one.until_type("error"), "error")
        assert "max_text_chars" in error["message"]
        await one.send("text-input", text="Short.", images=[])
        seen = await two.until(is_chain_end)
    assert [m["text"] for m in of_type(seen, "user-input-transcription")] == ["Short."]
