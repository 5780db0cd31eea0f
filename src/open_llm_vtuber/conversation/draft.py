"""An answer begun in a pause, on the guess that the person is done; kept back until they are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection

from loguru import logger

from ..agent.base import Drafted, Heard
from ..closing import cancelled
from ..engines.tts.base import AnyTTS
from .answer_stages import Part, parts_of, reply_lines
from .context import ServiceContext
from .extensions import Extensions
from .metrics import Times
from .reply_timeouts import in_time


class Draft:
    """Made ahead is what comes first, and as many lines behind it as are for any answer.

    A language model that bills each call is not asked; a voice that does, and a translator, not
    before the guess was right. Nothing is sent or remembered before.
    """

    def __init__(
        self,
        context: ServiceContext,
        words: str,
        extensions: Extensions,
        before: Collection[asyncio.Task[None]] = (),
    ) -> None:
        """`words` are what the person has said, if that is all; they are answered from now on.

        `before` end first: in the place that the conversation has in the model, this goes on.
        """
        self.words = words
        self.times = Times()
        self.lines = reply_lines(context)
        self._context = context
        self._told = context.memory.told
        self._extensions = extensions
        self._before = before
        self._drafted: Drafted | None = None
        self._parts: AsyncGenerator[Part, None] | None = None
        self._certain = asyncio.Event()
        self._first = asyncio.create_task(self._begin())

    def take(
        self, context: ServiceContext, words: str, times: Times
    ) -> AsyncGenerator[Part, None] | None:
        """Return its parts, made so far and to come: it is the answer of the turn with `times`.

        None where it does not answer these words, in this conversation as far as it has got.
        """
        is_same = context is self._context and context.memory.told == self._told
        if self._drafted is None or words != self.words or not is_same:
            return None
        self._drafted.take()
        self.times.take_over(times)
        self._certain.set()
        return self._taken()

    async def drop(self) -> None:
        """Stop all that was begun: the person said something else, or speaks on."""
        await cancelled([self._first])
        if not self._first.cancelled() and (error := self._first.exception()):
            logger.debug("an answer that nobody needs failed: {!r}", error)
        if self._parts:
            await self._parts.aclose()

    async def _begin(self) -> Part | None:
        context, limits = self._context, self._context.limits
        if self._before:
            await asyncio.wait(self._before)
        agent = await context.memory.prepare()
        drafted = agent.draft(Heard(self.words))
        if drafted is None:
            return None
        lines = self.lines.read(in_time(drafted.pieces, limits, self.times), self.times)
        self._parts = parts_of(context, lines, self._extensions, self._tts)
        self._drafted = drafted
        return await anext(self._parts, None)

    async def _taken(self) -> AsyncGenerator[Part, None]:
        try:
            if (first := await self._first) is None or self._parts is None:
                return
            yield first
            async for part in self._parts:
                yield part
        finally:
            await self.drop()

    async def _tts(self) -> AnyTTS:
        tts = await self._context.tts()
        if not tts.speculates:
            await self._certain.wait()
        return tts
