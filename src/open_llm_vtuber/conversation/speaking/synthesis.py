"""Sentences become sound: synthesised ahead, delivered in order, stopped without a trace."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import anyio
import numpy as np
import pybase64

from ...audio import Pcm, volumes, wav_bytes
from ...engines.base import EngineError
from ...engines.tts.base import AnyTTS
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
    """Why it is silent although it has words."""
    unspoken: str = ""
    """Why some of its words are not heard, if the voice has no sound for them."""


Act = Callable[[], Awaitable[None]]
"""What else is done between two lines."""
Say = Callable[[Line | Act], None]
"""Hands out the next line to be said, or what is done in its turn. It never waits."""


class Voice:
    """Says the lines of one character."""

    def __init__(
        self,
        tts: Callable[[], Awaitable[AnyTTS]],
        name: str,
        avatar: str,
        timeout_s: float,
    ) -> None:
        self._tts = tts
        self._name = name
        self._avatar = avatar
        self._timeout_s = timeout_s
        self._said_s = 0.0

    async def say(self, line: Line) -> Sentence:
        """Synthesise one line. A voice that fails makes it silent; its words are shown anyway."""
        failure, unspoken, rate, pcm = None, "", 0, EMPTY
        if line.speech:
            try:
                tts = await self._tts()
                speech = tts.speakable(line.speech)
                unspoken = "" if tts.speaks(line.speech) else tts.silence(line.speech)
                if speech:
                    rate, pcm = (
                        tts.sample_rate,
                        await tts.in_turn(speech, before_s=self._said_s, timeout_s=self._timeout_s),
                    )
                    if not len(pcm) and any(map(str.isalnum, speech)):
                        failure = EngineError(f"The voice {tts.name} gave no sound for a sentence.")
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
    """What is said or done, where it stands in the order of delivery."""

    content: Line | Act
    done: asyncio.Event | None = None
    """When somebody else has said it."""
    sentence: Sentence | None = None


async def speak(
    think: Callable[[Say], Awaitable[None]],
    voice: Voice,
    ahead: int,
    deliver: Callable[[Sentence], Awaitable[None]],
) -> None:
    """Run `think`, say the lines it hands out, and deliver them in their order.

    `think` never waits for a delivery, and so holds what it shares with others no longer than it
    needs it: what it may hand out in all is for `think` to bound. At most `ahead` lines are
    synthesised before their time. When `think` raises, everything it handed out before is
    delivered first; when `deliver` raises, nothing more is done. Cancelling this stops the
    thinking and every synthesis.
    """
    failure: Exception | None = None
    waiting: deque[Line | Act] = deque()
    places: asyncio.Queue[_Place | None] = asyncio.Queue()
    underway, thought, idle = 0, False, True

    async with anyio.create_task_group() as group:

        def begin_what_may() -> None:
            nonlocal underway, idle
            while waiting and underway <= ahead:
                underway += 1
                place = _Place(waiting.popleft())
                if not idle and isinstance(place.content, Line):
                    place.done = asyncio.Event()
                    group.start_soon(synthesise, place, place.content, place.done)
                # Who waits for it says it himself: to be woken when it is said would cost a turn
                # of the event loop, which is long where many speak at once.
                idle = False
                places.put_nowait(place)
            if thought and not waiting:
                places.put_nowait(None)

        async def synthesise(place: _Place, line: Line, done: asyncio.Event) -> None:
            place.sentence = await voice.say(line)
            done.set()

        def say(content: Line | Act) -> None:
            waiting.append(content)
            begin_what_may()

        async def run() -> None:
            nonlocal failure, thought
            try:
                await think(say)
            except Exception as error:  # noqa: BLE001 - raised when all is delivered
                failure = error
            thought = True
            begin_what_may()

        async def settle(place: _Place) -> None:
            if not isinstance(place.content, Line):
                await place.content()
                return
            if place.done:
                await place.done.wait()
            else:
                place.sentence = await voice.say(place.content)
            assert place.sentence  # noqa: S101 - whoever sets `done` has said it
            await deliver(place.sentence)

        group.start_soon(run)
        while (place := await places.get()) is not None:
            try:
                await settle(place)
            except Exception as error:  # noqa: BLE001 - raised when all is stopped
                failure = error
                group.cancel_scope.cancel()
            underway -= 1
            idle = places.empty()
            begin_what_may()
    if failure is not None:
        raise failure
