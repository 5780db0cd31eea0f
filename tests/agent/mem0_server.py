"""A Mem0 server on loopback: `server/main.py` of mem0ai/mem0 has its paths and forms.

It keeps what it is told as it is, and finds what has a word of the question.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
from aiohttp import web

from tests.support.web_app import running

KEY = "a-key-of-mem0-1234567890"


class Mem0Server:
    """`status` and `held` are how it fails."""

    def __init__(self) -> None:
        self.url = ""
        self.status = 200
        self.body: bytes | None = None
        self.held = False
        self.configured: list[dict[str, Any]] = []
        self.kept: list[tuple[str, list[dict[str, str]]]] = []
        """User and messages."""
        self.searches: list[dict[str, Any]] = []

    async def configure(self, request: web.Request) -> web.Response:
        self.configured.append(orjson.loads(await request.read()))
        return web.json_response({"message": "Configuration set successfully"})

    async def add(self, request: web.Request) -> web.Response:
        asked = orjson.loads(await request.read())
        if wrong := await self._wrong(request):
            return wrong
        self.kept.append((asked["user_id"], asked["messages"]))
        text = asked["messages"][0]["content"]
        return web.json_response({"results": [{"id": "1", "memory": text, "event": "ADD"}]})

    async def search(self, request: web.Request) -> web.Response:
        asked = orjson.loads(await request.read())
        self.searches.append(asked)
        if wrong := await self._wrong(request):
            return wrong
        words = {*asked["query"].lower().strip("?.").split()}
        texts = [said[0]["content"] for user, said in self.kept if user == asked["user_id"]]
        found = [text for text in texts if words & {*text.lower().strip("?.").split()}]
        rows = [{"id": "1", "memory": text, "score": 0.5} for text in found]
        return web.json_response({"results": rows})

    async def _wrong(self, request: web.Request) -> web.Response | None:
        await asyncio.sleep(3600 if self.held else 0)
        if request.headers.get("X-API-Key") != KEY:
            return web.json_response({"detail": "Invalid or missing API key"}, status=401)
        if self.body is not None:
            return web.Response(body=self.body)
        if self.status != 200:
            return web.json_response({"detail": "out of order"}, status=self.status)
        return None


@asynccontextmanager
async def mem0_server() -> AsyncIterator[Mem0Server]:
    """Run one on a port of loopback."""
    server = Mem0Server()
    app = web.Application()
    app.router.add_post("/configure", server.configure)
    app.router.add_post("/memories", server.add)
    app.router.add_post("/search", server.search)
    async with running(app) as server.url:
        yield server
