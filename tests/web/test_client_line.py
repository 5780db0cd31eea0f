"""One connection of a client: closing one that is gone already harms nothing."""

from __future__ import annotations

import pytest
from fastapi import WebSocket
from starlette.types import Message, Scope
from uvicorn.protocols.utils import ClientDisconnected

from open_llm_vtuber.web.client_line import ClientLine
from open_llm_vtuber.web.flow import FLOW

pytestmark = pytest.mark.anyio


async def test_who_is_gone_need_not_be_told_why_it_ends() -> None:
    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        if message["type"] != "websocket.accept":
            raise ClientDisconnected  # as uvicorn does of a connection that is lost

    scope: Scope = {"type": "websocket", "headers": [], "extensions": {FLOW: None}}
    socket = WebSocket(scope, receive, send)
    await socket.accept()
    line = ClientLine(socket)
    for _ in range(2):
        await line.close(4001, "this session goes on over another connection")
