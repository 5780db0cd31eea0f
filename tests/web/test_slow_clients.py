"""Clients that take what they are sent slowly or not at all: they lose, and nobody else does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import numpy as np
import pytest

from open_llm_vtuber.server import server as server_module
from tests.conftest import Serve
from tests.proxy.relay import relay_to
from tests.support.client import Client, client, kinds, of_type, shown, socket_to
from tests.support.live import Live, conf
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

ENGINES = "tests.support.engines:"
FORTY = " ".join(f"This is sentence number {number}." for number in range(40))


def quick(**changes: Any) -> dict[str, Any]:
    """Return a configuration of instant engines whose sentences are 128 kB each."""
    return conf(**{"asr": f"{ENGINES}MuteASR", "vad": None, **changes})


@asynccontextmanager
async def deaf(server: Live) -> AsyncIterator[Client]:
    """Connect a client that reads nothing after the greeting."""
    async with socket_to(server.url, max_queue=1) as socket:
        one = Client(socket)
        await one.open()
        try:
            yield one
        finally:
            socket.transport.abort()


async def test_clients_that_read_nothing_do_not_keep_the_language_model(serve: Serve) -> None:
    sections = {"tone_tts": {"seconds": 8}}
    server = serve(quick(llm="tests.support.scarce:NarrowLLM", sections=sections))
    async with AsyncExitStack() as stack:
        for _ in range(10):
            one = await stack.enter_async_context(deaf(server))
            await one.send("text-input", text=FORTY, images=[])
        other = await stack.enter_async_context(client(server.url))
        await other.send("text-input", text="Hello.", images=[])
        assert shown(await other.turn(timeout_s=30)).strip() == "Hello."


async def test_a_client_that_takes_nothing_is_cut_off(serve: Serve) -> None:
    sections = {"tone_tts": {"seconds": 8}}
    server = serve(quick(sections=sections, send_timeout_s=0.5))
    async with deaf(server) as one:
        assert server.server.connections == 1
        await one.send("text-input", text=FORTY, images=[])
        await until(lambda: server.server.connections == 0, 15)


async def test_a_slow_client_that_takes_something_is_not_cut_off(serve: Serve) -> None:
    server = serve(quick(send_timeout_s=0.5))
    port = server.server.config.system_config.port
    async with (
        relay_to(port, pace_s=0.05) as relay,
        client(f"http://127.0.0.1:{relay.port}") as one,
    ):
        assert len(of_type(await one.say(FORTY), "audio")) == 40


async def test_after_an_interrupt_a_slow_line_carries_nothing_of_the_old_turn(serve: Serve) -> None:
    server = serve(quick())
    port = server.server.config.system_config.port
    async with (
        relay_to(port, pace_s=0.05) as relay,
        client(f"http://127.0.0.1:{relay.port}") as one,
    ):
        await one.send("text-input", text=FORTY, images=[])
        await one.until_type("audio")
        await one.interrupt()
        late = await one.settled()
        # What was on the way already: in the kernel, in the relay, and one frame in the server.
        assert len(of_type(late, "audio")) <= 8
        assert await one.settled() == []
        assert shown(await one.say("Next.")).strip().endswith("Next.")


async def test_what_the_server_tells_of_an_interrupt_comes_after_all_of_the_old_turn(
    serve: Serve,
) -> None:
    server = serve(quick(vad="tests.support.scarce:LoudVAD"))
    port = server.server.config.system_config.port
    loud = (np.ones(512 * 6) * 16000).astype("<i2").tobytes()
    async with (
        relay_to(port, pace_s=0.05) as relay,
        client(f"http://127.0.0.1:{relay.port}") as one,
    ):
        await one.send("mic-stream-start")
        await one.send("text-input", text=FORTY, images=[])
        before = await one.until_type("audio")
        await one.socket.send(loud)
        before += await one.until(lambda m: m.get("text") == "interrupt", play=False)
        assert len(of_type(before, "audio")) <= 10
        assert of_type(await one.settled(), "audio") == []


async def test_a_client_whose_character_cannot_be_made_is_told_and_not_counted(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(quick())

    def broken(*_: Any) -> Any:
        raise OSError("/secret/folder cannot be read")

    with monkeypatch.context() as patch:
        patch.setattr(server_module, "load_model_info", broken)
        for _ in range(3):
            async with socket_to(server.url) as socket:
                one = Client(socket)
                message = await one.receive()
                assert kinds([message]) == ["error"]
                assert "secret" not in message["message"]
    assert server.server.connections == 0
    async with client(server.url) as one:
        assert shown(await one.say("Hello.")).strip() == "Hello."
