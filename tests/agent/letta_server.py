"""A Letta server on loopback, as far as a conversation needs it.

The package `letta-client`, 1.12, has what is asked (`resources/agents/messages.py`, `stream`) and
what comes (`types/agents/letta_streaming_response.py`): pieces of messages of several types, a
`stop_reason`, `usage_statistics` and `[DONE]`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
from aiohttp import web

from tests.engines.llm.openai_server import Reply, Request
from tests.support.web_app import running

AGENT = "agent-5da76546-028c-4add-89e5-5639c5566e0c"
PASSWORD = "a-password-of-letta"
CALL = "call_1"


class LettaServer:
    """Answers as `reply` says; what an agent does between is in `events`."""

    def __init__(self) -> None:
        self.url = ""
        self.reply = Reply()
        self.events: list[dict[str, Any]] = []
        """Sent before the answer."""
        self.requests: list[Request] = []
        self.looks = 0
        self.answering = 0

    async def look(self, request: web.Request) -> web.Response:
        self.looks += 1
        if wrong := self._refusal(request):
            return wrong
        return web.json_response({"id": AGENT, "name": "Mili", "agent_type": "letta_v1_agent"})

    async def stream(self, request: web.Request) -> web.StreamResponse:
        body = orjson.loads(await request.read())
        assert body["stream_tokens"] is True
        self.requests.append(Request("POST", request.path, dict(request.headers), body))
        if wrong := self._refusal(request):
            return wrong
        self.answering += 1
        try:
            return await self._answer(request)
        finally:
            self.answering -= 1

    def _refusal(self, request: web.Request) -> web.Response | None:
        if request.match_info["id"] != AGENT:
            said = f"Agent {request.match_info['id']} not found"
            return web.json_response({"detail": said}, status=404)
        if request.headers.get("Authorization") != f"Bearer {PASSWORD}":
            return web.json_response({"detail": "Unauthorized"}, status=401)
        if self.reply.status != 200:
            return web.json_response({"detail": str(self.reply.error)}, status=self.reply.status)
        return None

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        reply = self.reply
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        pieces = [message("reasoning_message", reasoning=one) for one in reply.reasoning]
        pieces += self.events
        pieces += [message("assistant_message", content=one) for one in reply.tokens]
        for piece in pieces:
            await response.write(_event(piece))
            await asyncio.sleep(reply.pace_s)
        if reply.ending == "malformed":
            await response.write(b"data: {oops\n\n")
        if reply.ending == "cut":
            assert request.transport is not None
            request.transport.abort()
            return response
        if reply.ending == "error":
            failed = {"error_type": "llm_error", "message": "the model is down", "run_id": "run-1"}
            await response.write(_event({"message_type": "error_message", **failed}))
            await response.write(_event(message("stop_reason", stop_reason="llm_api_error")))
        elif reply.ending == "done":
            await response.write(_event(message("stop_reason", stop_reason="end_turn")))
            await response.write(_event(message("usage_statistics", total_tokens=7)))
        if reply.ending != "closed":
            await response.write(b"data: [DONE]\n\n")
        await response.write_eof()
        return response


def message(kind: str, **fields: Any) -> dict[str, Any]:
    """Return a piece of a message, as the server says it."""
    date = "2026-11-28T12:00:00+00:00"
    return {"id": "message-1", "date": date, "message_type": kind, **fields}


def _event(found: dict[str, Any]) -> bytes:
    return b"data: " + orjson.dumps(found) + b"\n\n"


@asynccontextmanager
async def letta_server() -> AsyncIterator[LettaServer]:
    """Run one on a port of loopback."""
    server = LettaServer()
    app = web.Application(client_max_size=2**24)
    app.router.add_get("/v1/agents/{id}", server.look)
    app.router.add_post("/v1/agents/{id}/messages/stream", server.stream)
    async with running(app) as server.url:
        yield server
