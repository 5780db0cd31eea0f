"""What /v1/audio/speech is asked, and what of it is said and how it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ..config import SpeechFilter
from ..conversation.speaking.feelings import Faces
from ..conversation.speaking.sentences import SentenceSplitter
from ..conversation.speaking.speech_text import Script
from ..engines.errors import EngineError
from ..engines.tts.base import AnyTTS
from ..faults import fault
from ..portions import portions
from .sound_files import SoundFormat, encoder
from .tempo import Tempo

USUAL_VOICES = frozenset(
    {"alloy", "ash", "ballad", "cedar", "coral", "echo", "fable", "marin", "nova", "onyx"}
    | {"sage", "shimmer", "verse", "default"}
)
"""OpenAI's own, which programs ask for that know no other: they stand for the character's."""


class NamedVoice(BaseModel):
    """A voice by its id."""

    id: str = Field(max_length=200)


class SpeechRequest(BaseModel):
    """A text to be spoken."""

    model_config = ConfigDict(extra="ignore")

    input: str = Field(min_length=1)
    model: str = Field(
        default="", max_length=200, description="A character of /v1/models; else that of conf.yaml."
    )
    voice: str | NamedVoice = Field(
        default="default",
        description="One of the voices of her engine by id or name, or a character. OpenAI's names "
        "(`alloy`...) stand for her own.",
    )
    response_format: SoundFormat = "mp3"
    speed: float = Field(default=1.0, ge=0.25, le=4.0)
    stream_format: Literal["audio", "sse"] = "audio"

    @property
    def voice_name(self) -> str:
        """Whom to speak as; "" for the character's own voice."""
        name = self.voice.id if isinstance(self.voice, NamedVoice) else self.voice
        return "" if name.lower() in USUAL_VOICES else name


class SpeechDelta(BaseModel):
    """Some more of the file."""

    type: Literal["speech.audio.delta"]
    audio: str
    """In base64."""


class SpeechUsage(BaseModel):
    """There is nothing to be paid for."""

    input_tokens: int = 0
    output_tokens: int = 0
    total_tokens: int = 0


class SpeechDone(BaseModel):
    """The file is complete."""

    type: Literal["speech.audio.done"]
    usage: SpeechUsage


async def sentences(text: str, speech_filter: SpeechFilter) -> list[str]:
    """Return what is said of a text, in sentences; others have their turn meanwhile."""
    splitter, script = SentenceSplitter(first_clause=False), Script(Faces({}), speech_filter)
    pieces: list[str] = []
    for portion in portions(text):
        pieces += splitter.feed(portion)
        await asyncio.sleep(0)
    lines = map(script.read, [*pieces, *splitter.flush()])
    return [line.speech for line in lines if line and line.speech]


async def spoken(
    tts: AnyTTS, texts: list[str], kind: SoundFormat, speed: float, timeout_s: float
) -> AsyncGenerator[bytes, None]:
    """Yield the file in which a voice says some sentences, as it is made. Raises EngineError.

    Each sentence may take `timeout_s`.
    """
    tempo, written = Tempo(tts.sample_rate, speed), encoder(kind, tts.sample_rate)
    said_s, sounded = 0.0, False
    for text in texts:
        speech = tts.speakable(text)
        if not speech:
            continue
        made = tts.stream_in_turn(speech, before_s=said_s, timeout_s=timeout_s)
        async with aclosing(made):
            async for part in made:
                said_s += len(part.pcm) / tts.sample_rate
                sounded = sounded or len(part.pcm) > 0
                pcm = tempo.feed(part.pcm)
                if data := await asyncio.to_thread(written.feed, pcm):
                    yield data
    if not sounded:
        unspoken = next((text for text in texts if not tts.speaks(text)), "")
        if unspoken:
            raise tts.silence(unspoken)
        raise EngineError("There is nothing to be said in this text.", fault("no-sound", "tts"))
    last = await asyncio.to_thread(lambda: written.feed(tempo.rest()) + written.end())
    if last:
        yield last
