"""An answer begun in a pause, on the guess that the person is done; kept back until they are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Iterator

from loguru import logger

from ..agent.base import Aside, Drafted, Heard
from ..closing import cancelled
from ..engines.tts.base import AnyTTS
from .context import ServiceContext
from .metrics import Times
from .reply_timeouts import in_time
from .speaking.questions import AskedAloud, asked_aloud
from .speaking.reply_lines import ReplyLines
from .speaking.speech_text import Line, Script
from .speaking.synthesis import speak
from .speaking.voice import Chunk, Sentence, Voice

Part = Sentence | Chunk | Aside | AskedAloud
"""A part of an answer, ready to be delivered."""


def reply_lines(context: ServiceContext) -> ReplyLines:
    """Return what makes lines of one answer of a character."""
    return ReplyLines(
        Script(context.emotions, context.character.tts_preprocessor_config),
        first_clause=context.faster_first_response,
        max_chars=context.limits.max_reply_chars,
    )


def voice(
    context: ServiceContext,
    segments: Iterator[int] | None,
    tts: Callable[[], Awaitable[AnyTTS]] | None = None,
    *,
    times_words: bool,
) -> Voice:
    """Return what says the lines of one answer; `segments` number what is sent in chunks."""
    character = context.character
    return Voice(
        tts or context.tts,
        context.translated,
        character.character_name,
        character.avatar,
        context.limits.tts_timeout_s,
        segments,
        context.stand_in,
        times_words=times_words,
    )


def said(
    context: ServiceContext,
    lines: AsyncGenerator[Line | Aside, None],
    saying: Voice,
    *,
    asks_aloud: bool,
) -> AsyncGenerator[Part, None]:
    """Return the parts of an answer, with what she asks in it where she `asks_aloud`."""
    ahead = context.limits.synthesis_ahead
    if not asks_aloud:
        return speak(lines, saying, ahead)
    return speak(asked_aloud(lines, context.character.language), saying, ahead)


class Draft:
    """Made ahead is what comes first, and as many lines behind it as are for any answer.

    A language model that bills each call is not asked; a voice that does, and a translator, not
    before the guess was right. Nothing is sent or remembered before.
    """

    def __init__(
        self,
        context: ServiceContext,
        words: str,
        segments: Iterator[int] | None,
        before: Collection[asyncio.Task[None]] = (),
        *,
        asks_aloud: bool = False,
        times_words: bool = False,
    ) -> None:
        """`words` are what the person has said, if that is all; they are answered from now on.

        `before` end first: in the place that the conversation has in the model, this goes on.
        """
        self.words = words
        self.times = Times()
        self.lines = reply_lines(context)
        self._context = context
        self._told = context.memory.told
        self._segments = segments
        self._before = before
        self._asks_aloud = asks_aloud
        self._times_words = times_words
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
        saying = voice(context, self._segments, self._tts, times_words=self._times_words)
        self._parts = said(context, lines, saying, asks_aloud=self._asks_aloud)
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
