"""A server of embeddings that speaks OpenAI's API, as the package `openai` has it.

`resources/embeddings.py` of that package has the form, `types/create_embedding_response.py` the
answer. What a text means here is which letters it has.
"""

from __future__ import annotations

import asyncio
import string
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

from tests.support.web_app import running

KEY = "sk-secret-1234567890"
MODEL = "letters"


@dataclass
class Embeddings:
    """One of them."""

    url: str = ""
    size: int = 26
    """How many numbers a vector has."""
    body: bytes | None = None
    """What it answers instead."""
    status: int = 200
    held: bool = False
    """Whether it answers nobody."""
    answering: int = 0
    asked: list[list[str]] = field(default_factory=list)
    """The texts of each request."""

    async def embeddings(self, request: web.Request) -> web.Response:
        asked = orjson.loads(await request.read())
        self.asked.append(asked["input"])
        self.answering += 1
        try:
            while self.held:
                await asyncio.sleep(0.01)
        finally:
            self.answering -= 1
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            told = {"error": {"message": f"Incorrect API key provided: {KEY}"}}
            return web.json_response(told, status=401)
        if asked["model"] != MODEL:
            told = {"error": {"message": "model not found, try pulling it first"}}
            return web.json_response(told, status=404)
        if self.body is not None:
            return web.Response(body=self.body, status=self.status)
        data = [
            {"object": "embedding", "index": index, "embedding": self._vector(text)}
            for index, text in enumerate(asked["input"])
        ]
        answer: dict[str, Any] = {"object": "list", "data": data[::-1], "model": MODEL}
        return web.json_response(answer)

    def _vector(self, text: str) -> list[float]:
        counts = [float(text.lower().count(letter)) for letter in string.ascii_lowercase]
        return (counts + [0.0] * self.size)[: self.size]


@asynccontextmanager
async def embeddings_server() -> AsyncIterator[Embeddings]:
    server = Embeddings()
    app = web.Application()
    app.router.add_post("/v1/embeddings", server.embeddings)
    async with running(app) as url:
        server.url = f"{url}/v1"
        yield server
