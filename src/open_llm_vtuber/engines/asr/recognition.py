"""From sound of any length to words: what is no speech is left out, the rest written down in parts.

Only one segment of it is in memory, or at the engine, at a time.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import aclosing
from dataclasses import dataclass

from ...audio import MIC_RATE, Pcm, SoundBuffer, levels_db
from ..vad.base import FRAME, AnyVAD, VADStream
from .base import AnyASR
from .segments import Segmenter, joined

BATCH = 32 * FRAME
"""Samples that a VAD is given at once: the microphones of others are followed in between."""
AUDIBLE_DB = 30.0
"""Without a VAD, what is louder counts as speech; in dB where 0 is the smallest 16-bit sample."""


class Loudness:
    """Stands in for a VAD that cannot be had."""

    async def feed(self, frames: Pcm) -> list[float]:
        """Return 1.0 for each audible frame of `frames` (n x 512), else 0.0."""
        return [float(level >= AUDIBLE_DB) for level in levels_db(frames)]

    def reset(self) -> None:
        """Nothing is remembered."""


@dataclass(frozen=True, eq=False)
class PlacedSpeech:
    """A part of some sound in which somebody speaks; places are in samples from its beginning."""

    pcm: Pcm
    start: int
    """Where somebody begins to speak in it, about..."""
    end: int
    """...and ends."""


async def transcribe_all(
    asr: AnyASR, vad: AnyVAD | None, sound: AsyncIterable[Pcm], timeout_s: float
) -> str:
    """Return the words in `sound` (16 kHz, in blocks), "" where the VAD finds no voice.

    Each segment may take `timeout_s`. Raises EngineError, and what `sound` raises.
    """
    words, before_s = [], 0.0
    async with aclosing(speech(sound, vad, asr.max_segment_s)) as segments:
        async for segment in segments:
            words.append(await asr.in_turn(segment, before_s=before_s, timeout_s=timeout_s))
            before_s += len(segment) / MIC_RATE
    return joined(words)


async def speech(
    sound: AsyncIterable[Pcm], vad: AnyVAD | None, max_s: float | None
) -> AsyncGenerator[Pcm, None]:
    """Yield the parts of `sound` in which somebody speaks, each at most `max_s` long.

    Sound that is shorter is one part, as it is.
    """
    async with aclosing(placed_speech(sound, vad, max_s)) as parts:
        async for part in parts:
            yield part.pcm


async def placed_speech(
    sound: AsyncIterable[Pcm], vad: AnyVAD | None, max_s: float | None
) -> AsyncGenerator[PlacedSpeech, None]:
    """Yield the same, with where each part is."""
    stream: VADStream = vad.open_stream() if vad else Loudness()
    threshold = vad.thresholds.probability if vad else 0.5
    segmenter = Segmenter(max_s, vad.thresholds.start_frames if vad else 1)
    heard = SoundBuffer()
    begin = frames_end = 0
    async for block in sound:
        heard.append(block)
        while (count := min(heard.samples - frames_end, BATCH) // FRAME) > 0:
            frames = heard.slice(frames_end, frames_end + count * FRAME).reshape(count, FRAME)
            frames_end += count * FRAME
            probabilities = await stream.feed(frames)
            for probability, level in zip(probabilities, levels_db(frames), strict=True):
                if cut := segmenter.push(probability >= threshold, level):
                    first = begin + cut.begin * FRAME
                    if cut.begin < cut.end:
                        pcm = heard.slice(first, begin + cut.end * FRAME)
                        yield PlacedSpeech(pcm, first, first + len(pcm))
                    begin += cut.frames * FRAME
            heard.forget(begin)
    if segmenter.speaks:
        spoken, pcm = segmenter.spoken, heard.slice(begin)
        start = begin + spoken.begin * FRAME
        end = min(begin + spoken.end * FRAME, begin + len(pcm))
        yield PlacedSpeech(pcm, start, end)
