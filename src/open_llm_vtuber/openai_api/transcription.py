"""What /v1/audio/transcriptions answers, in each of its forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from ..engines.asr.segments import joined

TranscriptForm = Literal["json", "text", "verbose_json", "srt", "vtt"]
CAPTION_S = 10.0
"""How long a piece may be whose time is told: it ends at a pause in its second half."""


@dataclass(frozen=True)
class Part:
    """What was said from one time to another, in seconds."""

    start_s: float
    end_s: float
    text: str


class DurationUsage(BaseModel):
    """How much was written down."""

    type: Literal["duration"] = "duration"
    seconds: float


class Transcription(BaseModel):
    """The answer in the form `json`."""

    text: str
    usage: DurationUsage


class Segment(BaseModel):
    """A piece of the text, and when it was said. What is not known of it is 0 or empty."""

    id: int
    seek: int = 0
    start: float
    end: float
    text: str
    tokens: list[int] = []
    temperature: float = 0.0
    avg_logprob: float = 0.0
    compression_ratio: float = 0.0
    no_speech_prob: float = 0.0


class VerboseTranscription(BaseModel):
    """The answer in the form `verbose_json`."""

    task: Literal["transcribe"] = "transcribe"
    language: str
    """What the character hears, or what the request said; not recognized."""
    duration: float
    text: str
    segments: list[Segment]
    usage: DurationUsage


class TranscriptDelta(BaseModel):
    """Some more of the text."""

    type: Literal["transcript.text.delta"]
    delta: str


class TranscriptDone(BaseModel):
    """The whole text."""

    type: Literal["transcript.text.done"]
    text: str


def whole(parts: Sequence[Part]) -> str:
    """Return what was said in all parts."""
    return joined(part.text for part in parts)


def added(before: str, text: str) -> str:
    """Return what `text` adds to what was written down before, with the space between."""
    return joined([before, text])[len(before) :]


def plain(parts: Sequence[Part], duration_s: float) -> Transcription:
    """Return the form `json`."""
    return Transcription(text=whole(parts), usage=DurationUsage(seconds=round(duration_s, 3)))


def verbose(parts: Sequence[Part], duration_s: float, language: str) -> VerboseTranscription:
    """Return the form `verbose_json`."""
    segments = [
        Segment(id=number, start=round(part.start_s, 3), end=round(part.end_s, 3), text=part.text)
        for number, part in enumerate(parts)
    ]
    seconds = round(duration_s, 3)
    return VerboseTranscription(
        language=language,
        duration=seconds,
        text=whole(parts),
        segments=segments,
        usage=DurationUsage(seconds=seconds),
    )


def srt(parts: Sequence[Part]) -> str:
    """Return captions as SubRip has them."""
    return "\n".join(
        f"{number}\n{_clock(part.start_s, ',')} --> {_clock(part.end_s, ',')}\n{part.text}\n"
        for number, part in enumerate(parts, 1)
    )


def vtt(parts: Sequence[Part]) -> str:
    """Return captions as WebVTT has them; `-->` in a text would be read as a time."""
    blocks = [
        f"{_clock(part.start_s, '.')} --> {_clock(part.end_s, '.')}\n"
        f"{part.text.replace('&', '&amp;').replace('<', '&lt;').replace('-->', '--&gt;')}\n"
        for part in parts
    ]
    return "\n".join(["WEBVTT\n", *blocks])


def _clock(seconds: float, point: str) -> str:
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}{point}{rest % 1000:03}"
