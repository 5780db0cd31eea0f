"""Sentences become sound: synthesised ahead, delivered in order, stopped without a trace."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pybase64

from ...agent.base import Aside
from ...audio import Pcm, volumes, wav_bytes
from ...closing import cancelled
from ...engines.base import EngineError
from ...engines.tts.base import AnyTTS
from ...faults import fault
from ...protocol.outgoing import Actions, Audio, DisplayText
from .speech_text import Line

EMPTY: Pcm = np.zeros(0, np.float32)
INLINE_S = 5.0
"""Sound up to this length is encoded on the event loop: it takes 0.15 ms a second, and handing it
to a thread 0.25 ms."""


@dataclass(frozen=True)
class Sentence:
    """A line with its voice, ready to be sent."""

    line: Line
    frame: str
    """The `audio` message."""
    seconds: float
    """How long it sounds."""
    sounds: bool
    """Whether there is anything to be heard in it."""
    failure: EngineError | None = None
    """Why it is silent although it has words, or is not said in the language it should be."""
    unspoken: EngineError | None = None
    """Why some of its words are not heard, if the voice has no sound for them."""


class Translated(Protocol):
    """What is spoken for a text."""

    async def __call__(self, text: str, *, before_s: float) -> str:
        """Return `text` in the language that is spoken. Raises EngineError.

        `before_s` is how long what was said before in the same answer sounds.
        """


class Voice:
    """Says the lines of one character in one answer."""

    def __init__(
        self,
        tts: Callable[[], Awaitable[AnyTTS]],
        translated: Translated,
        name: str,
        avatar: str,
        timeout_s: float,
    ) -> None:
        self._tts = tts
        self._translated = translated
        self._name = name
        self._avatar = avatar
        self._timeout_s = timeout_s
        self._said_s = 0.0

    async def say(self, line: Line) -> Sentence:
        """Synthesise one line. A voice that fails makes it silent; its words are shown anyway.

        What cannot be translated is said as it is.
        """
        failure, unspoken, rate, pcm = None, None, 0, EMPTY
        speech = line.speech
        if speech:
            try:
                speech = await self._translated(speech, before_s=self._said_s)
            except EngineError as error:
                failure = error
            try:
                tts = await self._tts()
                unspoken = None if tts.speaks(speech) else tts.silence(speech)
                if speech := tts.speakable(speech):
                    rate, pcm = (
                        tts.sample_rate,
                        await tts.in_turn(speech, before_s=self._said_s, timeout_s=self._timeout_s),
                    )
                    if not len(pcm) and any(map(str.isalnum, speech)):
                        text = f"The voice {tts.name} gave no sound for a sentence."
                        failure = EngineError(text, fault("no-sound", name=tts.name))
            except EngineError as error:
                failure = error
        seconds = len(pcm) / rate if rate else 0.0
        self._said_s += seconds
        sounds = bool(len(pcm)) and bool(np.any(pcm))
        if seconds <= INLINE_S:
            frame = self._encode(line, pcm, rate, sounds)
        else:
            frame = await asyncio.to_thread(self._encode, line, pcm, rate, sounds)
        return Sentence(line, frame, seconds, sounds, failure, unspoken)

    def _encode(self, line: Line, pcm: Pcm, rate: int, sounds: bool) -> str:
        return Audio(
            audio=pybase64.b64encode_as_string(wav_bytes(pcm, rate)) if sounds else None,
            volumes=volumes(pcm, rate) if sounds else [],
            display_text=DisplayText(text=line.display, name=self._name, avatar=self._avatar),
            actions=Actions(expressions=list(line.expressions)),
        ).frame()


@dataclass
class _Place:
    """What is said, or passed on, where it stands in the order of delivery."""

    content: Line | Aside
    saying: asyncio.Task[Sentence] | None = None
    """Where it is said before its time has come."""


async def speak(
    lines: AsyncGenerator[Line | Aside, None], voice: Voice, ahead: int
) -> AsyncGenerator[Sentence | Aside, None]:
    """Yield what `lines` yields in its order, each line with its sound.

    `lines` is read to its end however slowly this is, so that what it shares with others is held
    no longer than it needs: how much it yields in all is for itself to bound. At most `ahead` lines
    are synthesised before their time. When `lines` raises, all it yielded before goes first.
    Closing this stops the reading and every synthesis.
    """
    failure: Exception | None = None
    waiting: deque[Line | Aside] = deque()
    places: asyncio.Queue[_Place | None] = asyncio.Queue()
    begun: set[asyncio.Task[Any]] = set()
    underway, all_read, idle = 0, False, True

    def begin_what_may() -> None:
        nonlocal underway, idle
        while waiting and underway <= ahead:
            underway += 1
            place = _Place(waiting.popleft())
            if not idle and isinstance(place.content, Line):
                place.saying = asyncio.create_task(voice.say(place.content))
                begun.add(place.saying)
                place.saying.add_done_callback(begun.discard)
            # Who waits for it says it himself: to be woken when it is said would cost a turn
            # of the event loop, which is long where many speak at once.
            idle = False
            places.put_nowait(place)
        if all_read and not waiting:
            places.put_nowait(None)

    async def read() -> None:
        nonlocal failure, all_read
        try:
            async with aclosing(lines):
                async for line in lines:
                    waiting.append(line)
                    begin_what_may()
                    await _give_way()
        except Exception as error:  # noqa: BLE001 - raised when all is delivered
            failure = error
        all_read = True
        begin_what_may()

    begun.add(asyncio.create_task(read()))
    try:
        while (place := await places.get()) is not None:
            if not isinstance(place.content, Line):
                yield place.content
            elif place.saying:
                yield await place.saying
            else:
                yield await voice.say(place.content)
            underway -= 1
            idle = places.empty()
            begin_what_may()
    finally:
        await cancelled(begun)
    if failure is not None:
        raise failure


async def _give_way() -> None:
    """Let the voice of what was read begin, and leave if it is instant."""
    await asyncio.sleep(0)
    await asyncio.sleep(0)
