"""A stand-in that is a web application, on a port of loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web


@asynccontextmanager
async def running(app: web.Application, *, shutdown_s: float = 0.1) -> AsyncIterator[str]:
    """Run `app` and yield its address; whoever leaves has its request cancelled."""
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=shutdown_s)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
