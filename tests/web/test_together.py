"""What all clients hold together is bounded; a client that holds little may always speak."""

from __future__ import annotations

import orjson
import pytest
from websockets.frames import Frame, Opcode

from open_llm_vtuber.audio import MIC_RATE
from tests.conftest import Serve
from tests.support.client import Client, Message, client, kinds, of_type
from tests.support.live import conf
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

ENGINES = "tests.support.engines:"
MIB = 2**20


async def record(one: Client, seconds: int) -> None:
    for _ in range(seconds // 4):
        await one.send("mic-audio-data", audio=[0] * 4 * MIC_RATE)


async def test_a_recording_is_weighed_with_those_of_all_others(serve: Serve) -> None:
    server = serve(conf(asr=f"{ENGINES}MuteASR", max_held_bytes=5 * MIB))
    async with client(server.url) as first, client(server.url) as second:
        await record(first, 60)
        assert of_type(await first.beat(), "error") == []
        await record(second, 60)
        (error,) = of_type(await second.beat(), "error")
        assert "max_held_bytes" in error["message"]
        assert 5 * MIB < server.server.groups.held_bytes() < 6 * MIB
        async with client(server.url) as third:
            await record(third, 28)
            assert of_type(await third.beat(), "error") == []
    await until(lambda: server.server.groups.held_bytes() == 0)


async def test_pictures_are_weighed_with_what_all_others_hold(serve: Serve) -> None:
    server = serve(conf(asr=f"{ENGINES}MuteASR", max_held_bytes=5 * MIB))
    picture = {"source": "upload", "data": "a" * 3 * MIB, "mime_type": "image/jpeg"}
    async with client(server.url) as first, client(server.url) as second:
        await record(first, 60)
        await second.send("text-input", text="And this?", images=[picture])
        (error,) = of_type(await second.beat(), "error")
        assert "max_held_bytes" in error["message"]
        small = {**picture, "data": "a" * MIB}
        await second.say("And this?", images=[small])


async def test_what_comes_in_is_weighed_with_what_comes_to_all_others(serve: Serve) -> None:
    server = serve(conf(asr=f"{ENGINES}MuteASR", max_incoming_bytes=3 * MIB))
    beat = orjson.dumps({"type": "heartbeat", "more": "a" * 2 * MIB})
    frame = Frame(Opcode.TEXT, beat).serialize(mask=True)
    await until(lambda: server.server.condition() == ([], []))
    async with client(server.url) as first, client(server.url) as second:
        first.socket.transport.write(frame[:MIB])
        errors: list[Message] = []
        while not errors:  # as soon as the head of the other message is there
            await second.socket.send(beat.decode())
            errors = of_type(await second.beat(), "error")
        (error,) = errors
        assert "max_incoming_bytes" in error["message"]
        first.socket.transport.write(frame[MIB:])
        assert kinds(await first.until_type("heartbeat-ack")) == ["heartbeat-ack"]
        await second.socket.send(beat.decode())
        assert "error" not in kinds(await second.until_type("heartbeat-ack"))
