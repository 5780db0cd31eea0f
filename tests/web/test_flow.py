"""The protocol of a socket, in a server of its own."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import uvicorn
from websockets.asyncio.client import connect
from websockets.frames import Close, Frame, Opcode

from open_llm_vtuber.config import Limits
from open_llm_vtuber.web.flow import FLOW, FlowProtocol
from open_llm_vtuber.web.http_protocol import ServerConfig
from tests.support.live import free_port
from tests.support.waiting import until

pytestmark = pytest.mark.anyio


async def test_a_server_that_ends_while_a_client_says_goodbye_ends_well() -> None:
    open_ones: list[FlowProtocol] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            open_ones.append(scope["extensions"][FLOW])
            while (await receive())["type"] != "websocket.disconnect":
                pass

    port = free_port()
    options = {"ws": FlowProtocol, "lifespan": "off", "log_config": None}
    server = uvicorn.Server(ServerConfig(app, Limits(), host="127.0.0.1", port=port, **options))
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    async with connect(f"ws://127.0.0.1:{port}/", proxy=None, close_timeout=1):
        (protocol,) = await until(lambda: open_ones)
        goodbye = Frame(Opcode.CLOSE, Close(1000, "").serialize()).serialize(mask=True)
        protocol.data_received(goodbye)
        protocol.shutdown()  # in the same turn of the loop
        assert protocol.transport.is_closing()
    server.should_exit = True
    await asyncio.wait_for(serving, 10)
