"""The turns of one client: they wait for each other, and one at most is running."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from loguru import logger

from ..context import ServiceContext
from ..protocol.outgoing import Outgoing
from .extensions import Extensions
from .outbox import ConnectionClosed
from .turn import Request, Turn

Send = Callable[[Outgoing | str], Awaitable[None]]
"""Sends a message, or one that is already a text frame. Raises ConnectionClosed."""


class TooManyWaiting(Exception):  # noqa: N818 - told to the client
    """As many requests as may wait are waiting already."""


class Turns:
    """Lives as long as its socket."""

    def __init__(self, context: ServiceContext, send: Send, extensions: Extensions) -> None:
        self.context = context
        """Who answers the next request."""
        self._send = send
        self._extensions = extensions
        self._requests: asyncio.Queue[Request] = asyncio.Queue(context.limits.max_queued_turns)
        self._floor = asyncio.Lock()
        self._turn: Turn | None = None
        self._task: asyncio.Task[None] | None = None
        self._unsettled: Turn | None = None

    async def serve(self) -> None:
        """Answer the requests in their order until the client has gone."""
        while True:
            request = await self._requests.get()
            turn = await self.perform(request)
            if turn.gone:
                return

    def close(self) -> None:
        """Drop what is waiting; the caller has cancelled `serve`."""
        while not self._requests.empty():
            self._requests.get_nowait().drop()

    def ask(self, request: Request) -> None:
        """Have a request answered after those that wait. Raises TooManyWaiting."""
        try:
            self._requests.put_nowait(request)
        except asyncio.QueueFull:
            request.drop()
            raise TooManyWaiting(
                f"{self._requests.maxsize} messages are waiting to be answered already "
                "(system_config.limits.max_queued_turns); wait for an answer or interrupt it."
            ) from None

    async def perform(self, request: Request, everyone: Send | None = None) -> Turn:
        """Answer one request now, once the running turn is over; return its turn.

        Cancelling it stops the turn, and waits for a native call of it that cannot be stopped.
        """
        async with self._floor:
            if self._unsettled:
                self.settle(self._unsettled.shown)
            to_all = everyone or self._send
            turn = self._turn = Turn(self.context, request, self._send, to_all, self._extensions)
            task = self._task = asyncio.create_task(turn.run())
            try:
                # A stopped turn may still wait for a native call; the next begins after that.
                await asyncio.wait([task])
            finally:
                if not task.done():
                    turn.over = True
                    task.cancel()
                    await asyncio.wait([task])
                self._turn = self._task = None
                request.drop()
                if not task.cancelled() and (error := task.exception()):
                    turn.over = turn.gone = True
                    if not isinstance(error, ConnectionClosed):
                        logger.opt(exception=error).error("a turn broke off")
            return turn

    def played(self) -> None:
        """The client has played everything it was sent."""
        if self._turn:
            self._turn.playback_complete()

    def stop(self) -> None:
        """Stop the running turn; from here on nothing of it is sent.

        What had been heard of it is told by `settle`, at the latest before the next turn.
        """
        turn, task = self._turn, self._task
        if turn is None or task is None or turn.over or task.done():
            return
        task.cancel()
        turn.over = True
        self._unsettled = turn

    def interrupt(self, heard: str) -> None:
        """The client broke in, and says what had been heard of the answer."""
        self.stop()
        self.settle(heard[: self.context.limits.max_reply_chars])

    def settle(self, heard: str) -> None:
        """Remember of a stopped turn what was heard of it."""
        turn, self._unsettled = self._unsettled, None
        if turn is not None and turn.times.heard is not None:
            logger.info("turn {}: interrupted; {}", turn.id, turn.story)
            turn.interrupted(heard)

    def discard(self) -> None:
        """Stop the running turn and forget it: the conversation it belongs to is left."""
        self.stop()
        self._unsettled = None

    async def change(self, context: ServiceContext) -> ServiceContext:
        """Let another character answer from now on; return the one that goes."""
        self.stop()
        async with self._floor:
            if self._unsettled:
                self.settle(self._unsettled.shown)
            before, self.context = self.context, context
            return before
