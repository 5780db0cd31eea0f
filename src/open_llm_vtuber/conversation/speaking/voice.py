"""A line becomes sound: whole, or in chunks as they come for a client that asked for that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pybase64

from ...audio import Pcm, volumes, wav_bytes
from ...engines.base import EngineError
from ...engines.tts.base import AnyTTS
from ...engines.tts.speech import Speech, Word
from ...faults import fault
from ...protocol.extra import SpeechWords
from ...protocol.outgoing import Actions, Audio, DisplayText, SpokenWord
from ...protocol.speech import speech_frame
from .pieces import Pieces
from .speech_text import Line
from .stand_in import StandIn

EMPTY: Pcm = np.zeros(0, np.float32)
SILENT = Speech(EMPTY)
INLINE_S = 5.0
"""Sound up to this length is encoded on the event loop in one go: it takes 0.15 ms a second, and
handing it to a thread 0.25 ms."""


@dataclass(frozen=True)
class Sentence:
    """A line, ready to be sent; its sound is in it, or follows as chunks."""

    line: Line
    frame: str
    """The `audio` message."""
    seconds: float
    """How long what is in it sounds."""
    sounds: bool
    """Whether there is anything to be heard in it."""
    failure: EngineError | None = None
    """Why it is silent although it has words, or is not said in the language or by the voice it
    should be."""
    unspoken: EngineError | None = None
    """Why some of its words are not heard, if the voice has no sound for them."""


@dataclass(frozen=True)
class Chunk:
    """Some of the sound of the sentence before it."""

    line: Line
    frame: bytes
    """The binary message."""
    seconds: float
    """How long it sounds."""
    failure: EngineError | None = None
    """Why there is no more of it, in the last one."""
    words: SpeechWords | None = None
    """When the words that begin in it are spoken, to be sent before it."""


class Translated(Protocol):
    """What is spoken for a text."""

    async def __call__(self, text: str, *, before_s: float) -> str:
        """Return `text` in the language that is spoken. Raises EngineError.

        `before_s` is how long what was said before in the same answer sounds.
        """


@dataclass
class _Saying:
    """What is known, beside its sound, of a line that is being said."""

    rate: int = 0
    seconds: float = 0.0
    failure: EngineError | None = None
    unspoken: EngineError | None = None


class Voice:
    """Says the lines of one character in one answer.

    Where there are `segments`, the numbers of what is sent in chunks, the sound of a line follows
    its message in chunks; else it is in the message. With `times_words` it also tells when its
    words are spoken, if the voice knows; with `tells_strength`, how strongly its face shows it;
    with `breaks_lines`, where lines of its text end.
    """

    def __init__(
        self,
        tts: Callable[[], Awaitable[AnyTTS]],
        translated: Translated,
        name: str,
        avatar: str,
        timeout_s: float,
        segments: Iterator[int] | None = None,
        stand_in: StandIn | None = None,
        *,
        times_words: bool = False,
        tells_strength: bool = False,
        breaks_lines: bool = False,
    ) -> None:
        self._tts = tts
        self._stand_in = stand_in
        self._translated = translated
        self._name = name
        self._avatar = avatar
        self._timeout_s = timeout_s
        self._segments = segments
        self._times_words = times_words
        self._tells_strength = tells_strength
        self._breaks_lines = breaks_lines
        self._said_s = 0.0

    @property
    def in_chunks(self) -> bool:
        """Whether the sound of a line follows it: then who takes it must not keep the engine."""
        return self._segments is not None

    async def say(self, line: Line) -> AsyncGenerator[Sentence | Chunk, None]:
        """Yield a line, then its chunks. A voice that fails ends it; its words are shown anyway.

        What cannot be translated is said as it is. Closing this stops the synthesis.
        """
        saying = _Saying()
        async with aclosing(self._sound(line.speech, saying)) as sound:
            if self._segments is None:
                speech = SILENT
                async for speech in sound:  # noqa: B007 - there is one at most
                    pass
                yield await self._whole(line, speech, saying)
            else:
                async with aclosing(self._chunks(line, sound, saying, self._segments)) as parts:
                    async for part in parts:
                        yield part

    async def _sound(self, speech: str, saying: _Saying) -> AsyncGenerator[Speech, None]:
        """Yield the sound of `speech`: one piece, or as it comes where that can be sent."""
        if not speech:
            return
        try:
            speech = await self._translated(speech, before_s=self._said_s)
        except EngineError as error:
            saying.failure = error
        try:
            async with aclosing(self._spoken(speech, saying)) as pieces:
                async for part in pieces:
                    yield part
        except EngineError as error:
            # What was to be told already is that the chosen voice failed, too.
            first = f"{saying.failure} " if saying.failure else ""
            saying.failure = EngineError(f"{first}{error}", error.fault) if first else error

    async def _spoken(self, speech: str, saying: _Saying) -> AsyncGenerator[Speech, None]:
        """Yield the sound of `speech`, by the voice that stands in where the chosen one fails.

        What fails midway is not said again from its beginning. Raises EngineError.
        """
        stand_in = self._stand_in
        if stand_in and not stand_in.speaks:
            with stand_in.trying():
                async with aclosing(self._said_by(self._tts, speech, saying)) as pieces:
                    async for part in pieces:
                        yield part
                return
        if stand_in:
            saying.failure = stand_in.notice or saying.failure
            if saying.seconds:
                return
        voice = stand_in.tts if stand_in else self._tts
        async with aclosing(self._said_by(voice, speech, saying)) as pieces:
            async for part in pieces:
                yield part

    async def _said_by(
        self, voice: Callable[[], Awaitable[AnyTTS]], speech: str, saying: _Saying
    ) -> AsyncGenerator[Speech, None]:
        """Yield what one voice makes of `speech`. Raises EngineError."""
        tts = await voice()
        saying.rate = tts.sample_rate
        saying.unspoken = None if tts.speaks(speech) else tts.silence(speech)
        if not (speech := tts.speakable(speech)):
            return
        async with aclosing(self._synthesized(tts, speech)) as pieces:
            async for part in pieces:
                seconds = len(part.pcm) / saying.rate
                saying.seconds += seconds
                self._said_s += seconds
                if len(part.pcm):
                    yield part
        if not saying.seconds and any(map(str.isalnum, speech)):
            text = f"The voice {tts.name} gave no sound for a sentence."
            raise EngineError(text, fault("no-sound", name=tts.name))

    async def _synthesized(self, tts: AnyTTS, speech: str) -> AsyncGenerator[Speech, None]:
        if self._segments is None or not tts.streams:
            before_s, timeout_s = self._said_s, self._timeout_s
            yield await tts.whole_in_turn(speech, before_s=before_s, timeout_s=timeout_s)
            return
        made = tts.stream_in_turn(speech, before_s=self._said_s, timeout_s=self._timeout_s)
        async with aclosing(made):
            async for part in made:
                yield part

    async def _whole(self, line: Line, speech: Speech, saying: _Saying) -> Sentence:
        pcm, words = speech.pcm, self._spoken_words(speech.words)
        sounds = bool(len(pcm)) and bool(np.any(pcm))
        if saying.seconds <= INLINE_S:
            frame = self._encode(line, pcm, saying.rate, sounds, words=words)
        else:
            frame = await asyncio.to_thread(
                self._encode, line, pcm, saying.rate, sounds, words=words
            )
        return Sentence(line, frame, saying.seconds, sounds, saying.failure, saying.unspoken)

    async def _chunks(
        self,
        line: Line,
        sound: AsyncGenerator[Speech, None],
        saying: _Saying,
        segments: Iterator[int],
    ) -> AsyncGenerator[Sentence | Chunk, None]:
        """Yield the line when it begins to sound, or is known not to; then its sound."""
        segment, told, at_once_s = 0, None, 0.0
        pieces: Pieces | None = None
        words: list[SpokenWord] = []
        async for speech in sound:
            pieces = pieces or Pieces(saying.rate)
            words += self._spoken_words(speech.words)
            for piece in pieces.add(speech.pcm):
                if not segment:
                    segment, told = next(segments), saying.failure
                    yield self._silent(line, saying, segment)
                seconds = len(piece) / saying.rate
                frame = speech_frame(segment, saying.rate, piece)
                yield Chunk(line, frame, seconds, words=_told_of(words, segment))
                words = []
                at_once_s += seconds
                if at_once_s >= INLINE_S:
                    at_once_s = 0.0
                    await asyncio.sleep(0)
        if pieces is None or not segment:
            yield self._silent(line, saying)
            return
        rest = pieces.rest()
        frame = speech_frame(segment, saying.rate, rest, last=True)
        failure = None if saying.failure is told else saying.failure
        yield Chunk(line, frame, len(rest) / saying.rate, failure, _told_of(words, segment))

    def _spoken_words(self, words: tuple[Word, ...]) -> list[SpokenWord]:
        """Return the words as the client is told of them, if it asked for that."""
        if not self._times_words:
            return []
        return [
            SpokenWord(text=one.text, start_s=round(one.start_s, 3), end_s=round(one.end_s, 3))
            for one in words
        ]

    def _silent(self, line: Line, saying: _Saying, segment: int | None = None) -> Sentence:
        frame = self._encode(line, EMPTY, 0, False, segment)
        return Sentence(line, frame, 0.0, False, saying.failure, saying.unspoken)

    def _encode(
        self,
        line: Line,
        pcm: Pcm,
        rate: int,
        sounds: bool,
        segment: int | None = None,
        words: list[SpokenWord] | None = None,
    ) -> str:
        text = line.broken if self._breaks_lines else line.display
        return Audio(
            audio=pybase64.b64encode_as_string(wav_bytes(pcm, rate)) if sounds else None,
            volumes=volumes(pcm, rate) if sounds else [],
            display_text=DisplayText(text=text, name=self._name, avatar=self._avatar),
            actions=Actions(expressions=list(line.expressions)),
            segment=segment,
            words=words or None,
            expression_strength=line.strength
            if self._tells_strength and line.expressions
            else None,
        ).frame()


def _told_of(words: list[SpokenWord], segment: int) -> SpeechWords | None:
    """Return what tells of the words that begin in a chunk; None where none does."""
    return SpeechWords(segment=segment, words=words) if words else None
