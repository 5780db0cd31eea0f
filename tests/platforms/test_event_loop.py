"""The server runs on a loop that can do no more than that of Windows."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from pathlib import Path

import pytest

from open_llm_vtuber.web.sparing import quieten
from tests.engines.llm.openai_server import Reply, openai_server
from tests.platforms.loops import WindowsLoop
from tests.support.client import client, of_type, shown
from tests.support.live import live
from tests.support.tooling import all_started, asking, call, numbers, write_entries

pytestmark = pytest.mark.anyio


async def test_a_turn_with_a_tool_in_another_process(tmp_path: Path) -> None:
    async with openai_server() as model:
        model.next = [
            Reply(tokens=(), calls=(call("add", {"a": 20, "b": 22}),)),
            Reply(tokens=("It is forty-two.",)),
        ]
        write_entries(tmp_path, numbers=numbers())
        values = asking(model.base_url, "numbers")
        loop = f"{WindowsLoop.__module__}:{WindowsLoop.__name__}"
        with ExitStack() as stack:  # in a thread: the model answers while it starts and ends
            starting = live(tmp_path, values, pages=False, loop=loop)
            server = await asyncio.to_thread(stack.enter_context, starting)
            assert isinstance(server.loop, WindowsLoop)
            await all_started(server)
            async with client(server.url) as one:
                messages = await one.say("How much is it?")
            await asyncio.to_thread(stack.close)
        (_, told) = model.requests
    assert "42" in str(told.body["messages"][-1])
    assert shown(messages) == "It is forty-two."
    assert of_type(messages, "error") == []


class Lost(asyncio.Protocol):
    """What a connection of Windows' loop comes to when its client has gone before."""

    def _call_connection_lost(self) -> None:
        raise ConnectionResetError(10054, "An existing connection was forcibly closed")

    def lose_in(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have it called as the loop does."""
        loop.call_soon(self._call_connection_lost)

    def another_call(self) -> None:
        raise ConnectionResetError(10054, "An existing connection was forcibly closed")


async def test_who_has_gone_without_a_goodbye_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    loop = asyncio.get_running_loop()
    quieten(loop)
    Lost().lose_in(loop)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert caplog.records == []
    loop.call_soon(Lost().another_call)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert "another_call" in caplog.text
    loop.set_exception_handler(None)
