"""Answers that are sent as they are made, and stop being made when their client goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import Any, TypeVar

import anyio
from fastapi import Request
from loguru import logger
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from .config_api import while_wanted

T = TypeVar("T")
QUEUED = 8
"""Pieces of an answer that wait for a client which takes its time."""


class Pump(AsyncGenerator[T, None]):
    """Reads a generator in a task of its own: whoever takes what it yields may be several tasks."""

    def __init__(self, source: AsyncGenerator[T, None]) -> None:
        self._queue: asyncio.Queue[T | BaseException | None] = asyncio.Queue(QUEUED)
        self._task = asyncio.create_task(self._run(source))

    async def _run(self, source: AsyncGenerator[T, None]) -> None:
        end: BaseException | None = None
        async with aclosing(source):
            try:
                async for one in source:
                    await self._queue.put(one)
            except Exception as error:  # noqa: BLE001 - it is raised where it is taken
                end = error
        await self._queue.put(end)

    async def asend(self, value: None) -> T:
        """Return the next of what is yielded, or raise what was raised."""
        taken = await self._queue.get()
        if taken is None:
            raise StopAsyncIteration
        if isinstance(taken, BaseException):
            raise taken
        return taken

    async def athrow(self, *args: Any) -> T:
        """End it."""
        await self.aclose()
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """Stop the source, wherever it is, and wait until it has."""
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.wait([self._task])


class Streamed(Response):
    """An answer that is sent as it is made, and stops being made when its client goes."""

    def __init__(self, first: bytes, rest: AsyncGenerator[bytes, None], media_type: str) -> None:
        """`first` is what was waited for, so that a failure before it is one of the request."""
        self.status_code = 200
        self.media_type = media_type
        self.background = None
        self._first = first
        self._rest = rest
        self.init_headers({"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        started = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        try:
            await send(started)
            async with anyio.create_task_group() as group:
                group.start_soon(self._watch, receive, group.cancel_scope)
                await send({"type": "http.response.body", "body": self._first, "more_body": True})
                async for piece in self._rest:
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
                await send({"type": "http.response.body", "body": b""})
                group.cancel_scope.cancel()
        finally:
            with anyio.CancelScope(shield=True):
                await self._rest.aclose()

    @staticmethod
    async def _watch(receive: Receive, scope: anyio.CancelScope) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        logger.debug("the client of an answer has gone")
        scope.cancel()


async def streamed(
    request: Request, pieces: AsyncGenerator[bytes, None], media_type: str
) -> Streamed:
    """Return an answer once its first piece is there. Raises what `pieces` raises before that."""
    pump = Pump(pieces)
    try:
        first = await while_wanted(request, _next(pump))
    except BaseException:
        with anyio.CancelScope(shield=True):
            await pump.aclose()
        raise
    return Streamed(first, pump, media_type)


async def _next(pump: Pump[bytes]) -> bytes:
    try:
        return await pump.asend(None)
    except StopAsyncIteration:
        return b""
