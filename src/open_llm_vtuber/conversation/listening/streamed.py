"""The words of an utterance from an engine that follows the sound itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from loguru import logger

from ...audio import Pcm, SoundBuffer
from ...engines.asr.base import AnyASR
from .recognition import Recognition
from .recognizer import Recognizer


class StreamedRecognition(Recognition):
    """Gives the engine the sound as it comes, and shows what it has heard so far.

    What is said while the engine is at work is given to it in one piece.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        asr: AnyASR,
        sound: SoundBuffer,
        guessed: Callable[[str], None],
    ) -> None:
        """`guessed` takes the words that are known in a pause."""
        self._recognizer = recognizer
        self._guessed = guessed
        self._words, self._paused = "", False
        self._asr = asr
        self._sound = sound
        self._more = asyncio.Event()
        self._finished = False
        self._following = asyncio.create_task(self._follow())

    def feed(self, voiced: bool, level_db: float) -> None:
        """Take the next frame, which was added to the sound."""
        self._more.set()

    def pause(self) -> None:
        """The words that are known now may be all."""
        self._paused = True
        self._guess()

    def resume(self) -> None:
        """They were not."""
        self._paused = False

    def look_ahead(self, pause_in_s: float) -> None:
        """What was heard so far comes without asking."""

    def finish(self) -> None:
        """Nothing more is said."""
        self._finished = True
        self._more.set()

    async def words(self) -> str:
        """Return the words of all of it, once it is finished. Raises EngineError."""
        return await self._recognizer.in_time(self._asr, self._following)

    def drop(self) -> None:
        """Stop: nobody will use the words."""
        self._following.cancel()
        self._following.add_done_callback(_seen)  # nobody waits for it

    async def _follow(self) -> str:
        async with aclosing(self._asr.follow(self._pieces())) as heard:
            async for words in heard:
                if words != self._words:
                    self._words = words
                    self._guess()
                if words and not self._finished and self._recognizer.wants_partials():
                    await self._recognizer.show(words)
                    await asyncio.sleep(0)  # others have their turn, and it is sent
        return self._words

    def _guess(self) -> None:
        if self._paused and self._words and not self._finished:
            self._guessed(self._words)

    async def _pieces(self) -> AsyncGenerator[Pcm, None]:
        given = 0
        while not (self._finished and given == self._sound.samples):
            await self._more.wait()
            self._more.clear()
            if (samples := self._sound.samples) > given:
                piece = self._sound.slice(given, samples)
                given = samples
                yield piece


def _seen(following: asyncio.Task[str]) -> None:
    if not following.cancelled() and (error := following.exception()):
        logger.debug("what nobody waits for was not written down: {}", error)
