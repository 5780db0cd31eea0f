"""Hume's EVI on loopback, as far as a conversation in text needs it.

The package `hume`, 0.14, has what is asked (`empathic_voice/chat/client.py`) and the messages
(`empathic_voice/types`): `chat_metadata` comes first, then for each `user_input` a `user_message`,
pieces of `assistant_message` with their `audio_output`, and `assistant_end`.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import WSMsgType, web

from tests.engines.llm.openai_server import Reply, Request
from tests.support.web_app import running

KEY = "a-key-of-hume-1234567890"
CONFIG = "9a8b7c6d-0000-4000-8000-000000000001"


class HumeServer:
    """Answers as `reply` says: one that takes its time in pieces, else in one message."""

    def __init__(self) -> None:
        self.url = ""
        self.reply = Reply()
        self.greeting = ""
        self.requests: list[Request] = []
        """A `user_input` each; its `messages` are all that came on the connection so far."""
        self.queries: list[dict[str, str]] = []
        self.connections = 0
        """Those that are open."""
        self.answering = 0

    async def chat(self, request: web.Request) -> web.StreamResponse:
        self.queries.append(dict(request.query))
        if request.query.get("api_key") != KEY:
            said = {"message": f"no such key: {request.query.get('api_key')}"}
            return web.json_response(said, status=401)
        if self.reply.status != 200:
            return web.json_response({"message": str(self.reply.error)}, status=self.reply.status)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.connections += 1
        try:
            group = request.query.get("resumed_chat_group_id", f"group-{len(self.queries)}")
            first = {"type": "chat_metadata", "chat_group_id": group, "chat_id": "chat-1"}
            await socket.send_json(first)
            if self.greeting:
                await socket.send_json(_said("assistant", self.greeting))
                await socket.send_json({"type": "assistant_end"})
            await self._talk(socket, request.path)
        finally:
            self.connections -= 1
        return socket

    async def _talk(self, socket: web.WebSocketResponse, path: str) -> None:
        came: list[dict[str, Any]] = []
        answer: asyncio.Task[None] | None = None
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                break
            came.append(frame.json())
            if came[-1]["type"] == "user_input":
                self.requests.append(Request("WS", path, {}, {"messages": [*came]}))
                answer = asyncio.create_task(self._answer(socket, came[-1]["text"]))
        if answer:
            answer.cancel()
            await asyncio.gather(answer, return_exceptions=True)

    async def _answer(self, socket: web.WebSocketResponse, text: str) -> None:
        reply = self.reply
        self.answering += 1
        try:
            await socket.send_json(_said("user", text))
            said = reply.tokens if reply.pace_s else ("".join(reply.tokens),)
            for index, piece in enumerate(said):
                await asyncio.sleep(reply.pace_s)
                await socket.send_json(_said("assistant", piece))
                sound = base64.b64encode(bytes(64)).decode()
                heard = {"type": "audio_output", "id": "1", "index": index, "data": sound}
                await socket.send_json(heard)
            if reply.ending == "malformed":
                await socket.send_str("{oops")
            elif reply.ending == "error":
                wrong = {"code": "E0300", "slug": "out_of_credits", "message": "no credits left"}
                await socket.send_json({"type": "error", **wrong})
            elif reply.ending == "cut":
                await socket.close(code=1011)
            else:
                await socket.send_json({"type": "assistant_end"})
        finally:
            self.answering -= 1


def _said(role: str, content: str) -> dict[str, Any]:
    return {
        "type": f"{role}_message",
        "message": {"role": role, "content": content},
        "from_text": role == "user",
        "models": {},
    }


@asynccontextmanager
async def hume_server() -> AsyncIterator[HumeServer]:
    """Run one on a port of loopback."""
    server = HumeServer()
    app = web.Application()
    app.router.add_get("/v0/evi/chat", server.chat)
    async with running(app) as server.url:
        yield server
