"""How far the engines of a character are, told until they are ready; then what they can do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol

from ..engines.base import EngineError
from ..protocol.extensions import Extension
from ..protocol.extra import Capabilities, EngineProgress, LoadingProgress
from ..protocol.outgoing import Error, FullText, Outgoing
from .context import ServiceContext
from .extensions import Extensions

WATCHED: tuple[Extension, ...] = ("loading-progress", "capabilities")
"""Extensions that tell of the engines."""

TELL_S = 1.0
"""How often a client is told in words."""

REPORT_S = 0.25
"""How often a client that asked is told with numbers."""

Send = Callable[[Outgoing], Awaitable[None]]
"""Sends a message. Raises ClientGoneError."""


class LoadingStatus(Protocol):
    """What knows how far the engines are."""

    def loading_text(self, context: ServiceContext) -> str:
        """Return what is still missing, as a line for the page."""

    def progress(self, context: ServiceContext) -> list[EngineProgress]:
        """Return how far each engine is."""


class LoadingReport:
    """Belongs to one client, whose character may change."""

    def __init__(
        self,
        status: LoadingStatus,
        extensions: Extensions,
        send: Send,
        start: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
    ) -> None:
        """`start` runs what is done beside the messages, as long as the client is here."""
        self._status = status
        self._extensions = extensions
        self._send = send
        self._start = start
        self._announcing: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None

    def begin(self, context: ServiceContext) -> None:
        """Tell of the engines of another character."""
        self.watch(context)
        if self._announcing:
            self._announcing.cancel()
        if context.loading() or context.failures():
            self._announcing = self._start(announce(context, self._status, self._send))

    def watch(self, context: ServiceContext) -> None:
        """Tell a client that asked how far the engines are, and what can be done with them."""
        if self._watching:
            self._watching.cancel()
        if any(name in self._extensions for name in WATCHED):
            self._watching = self._start(watch(context, self._status, self._extensions))


async def announce(context: ServiceContext, status: LoadingStatus, send: Send) -> None:
    """Say in words how far the engines are until all are there, and which cannot be had."""
    told = ""
    while context.loading():
        text = status.loading_text(context)
        if text != told:
            await send(FullText(text=text))
            told = text
        await context.wait_loaded(TELL_S)
    failures = context.failures()
    for kind, failure in failures:
        await send(Error.of(failure, kind))
    if not failures:
        await send(FullText(text="Ready: speak or type."))


async def watch(context: ServiceContext, status: LoadingStatus, extensions: Extensions) -> None:
    """Tell a client that asked how far the engines are, and what can be done with them.

    It goes on when all are ready: one may fail later, and one that failed is tried again when it is
    needed.
    """
    told: LoadingProgress | None = None
    while True:
        loading = context.loading()
        message = LoadingProgress(engines=status.progress(context))
        is_news = message != told
        if is_news:
            await extensions.send("loading-progress", message)
            told = message
        if not loading and is_news:
            await tell_capabilities(context, extensions)
        await asyncio.sleep(REPORT_S if loading else TELL_S)


async def tell_capabilities(context: ServiceContext, extensions: Extensions) -> None:
    """Tell a client that asked what can be done with the engines, if that is news."""
    rewrites = context.rewrites if "message-actions" in extensions else None
    try:
        sees = (await context.llm()).sees
    except EngineError:
        if rewrites is not False:
            return  # as the report has told, if there is to be one
        sees = None  # its agent is a service that thinks by itself
    await extensions.show_capabilities(Capabilities(images=sees is not False, rewrites=rewrites))
