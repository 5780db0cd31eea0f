"""GET /metrics: what is counted of the server, for Prometheus."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from ..server.server import Server

router = APIRouter(tags=["server"])


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(request: Request) -> Response:
    """Tell turns, waits, queues, engines, clients and the process in Prometheus' text format.

    Who asks for OpenMetrics gets that. It holds numbers and the names of engines only.
    """
    server: Server = request.app.state.server
    server.measurements.take(server.snapshot())
    accept = request.headers.get("accept", "")
    text, media_type = await asyncio.to_thread(server.measurements.text, accept)
    return Response(text, media_type=None, headers={"Content-Type": media_type})
