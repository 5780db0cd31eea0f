"""A voice, ears or a mind tried with settings that are not saved."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, BinaryIO, ClassVar, Literal, TypeVar, cast

from ..audio import wav_bytes
from ..config import Config
from ..config.settings import voice_key
from ..decoding import Decoding
from ..engines.asr.base import AnyASR
from ..engines.asr.recognition import transcribe_all
from ..engines.base import Engine, EngineError
from ..engines.kinds import Kind
from ..engines.llm.base import AnyLLM, ChatMessage
from ..engines.pool import EnginePool
from ..engines.trial import SENTENCE, Stopwatch
from ..engines.tts.base import AnyTTS, VoiceInfo
from ..faults import ErrorCode, FaultError, fault
from .settings_editor import Edit, SettingsEditor

LIMIT_S = 10.0
"""For the whole of a trial, an engine loaded for it included."""
QUESTION = "How are you?"
MOST_TEXT = 600
"""Characters of an answer."""
TrialKind = Literal["voice", "ears", "mind"]
T = TypeVar("T")
_KINDS: dict[TrialKind, Kind] = {"voice": "tts", "ears": "asr", "mind": "llm"}


class TrialBusyError(FaultError):
    """Something else is being tried."""

    code: ClassVar[ErrorCode] = "trial-busy"


@dataclass(frozen=True)
class Outcome:
    """What came of a trial."""

    sound: bytes
    """A WAV file, of a voice."""
    text: str
    """What was said, heard or answered."""
    took_s: float


@dataclass(frozen=True)
class Voices:
    """Whom an engine can speak as."""

    engine: str
    key: str
    """The key of its section that names one of them; "" where none does."""
    voices: list[VoiceInfo]
    """Sorted by language; none where the engine does not list them."""


class Trials:
    """One at a time; belongs to one server."""

    def __init__(
        self, settings: SettingsEditor, pool: EnginePool, decoding: Decoding, limit_s: float
    ) -> None:
        self._settings = settings
        self._pool = pool
        self._decoding = decoding
        self._limit_s = limit_s
        self.busy = False
        """Whether something is being tried."""

    async def run(
        self, kind: TrialKind, edits: Sequence[Edit], text: str, file: BinaryIO | None
    ) -> Outcome:
        """Return what comes of it. Nothing is saved, and an engine made for it is closed.

        Raises ConfigError, EngineError, TrialBusyError, and ValueError for a `file` that is no
        recording. Cancelling it stops it.
        """

        async def outcome(engine: Engine[Any], _: Config) -> Outcome:
            took = Stopwatch()
            match kind:
                case "voice":
                    sound, words = await said(cast("AnyTTS", engine), text or SENTENCE)
                case "mind":
                    question = [ChatMessage("user", text or QUESTION)]
                    sound, words = b"", await answered(cast("AnyLLM", engine), question)
                case "ears":
                    sound, words = b"", await self._heard(engine, file)
            return Outcome(sound, words, took.ms / 1000)

        return await self.alone(_KINDS[kind], lambda: self._settings.drafted(edits), outcome)

    async def voices(self, edits: Sequence[Edit]) -> Voices:
        """Return the voices that there would be. Raises as `run` does."""
        return await self.alone("tts", lambda: self._settings.drafted(edits), listed)

    async def alone(
        self,
        kind: Kind,
        drafted: Callable[[], Awaitable[Config]],
        work: Callable[[Engine[Any], Config], Awaitable[T]],
    ) -> T:
        """Do something with the engine of that kind of a configuration that is not saved.

        Raises ConfigError, EngineError and TrialBusyError. Cancelling it stops it.
        """
        if self.busy:
            raise TrialBusyError("Something else is being tried: wait until that is over.")
        self.busy = True
        try:
            config = await drafted()
            try:
                return await asyncio.wait_for(self._with_engine(kind, config, work), self._limit_s)
            except EngineError as error:
                error.within(kind)
                raise
            except asyncio.TimeoutError:
                raise EngineError(
                    f"It was not done within {self._limit_s:g} s. A model that has to be fetched "
                    "or loaded takes longer the first time: save the setting, and wait until the "
                    "page says that it is ready.",
                    fault("engine-timeout", kind, limit_s=self._limit_s),
                ) from None
        finally:
            self.busy = False

    async def _with_engine(
        self, kind: Kind, config: Config, work: Callable[[Engine[Any], Config], Awaitable[T]]
    ) -> T:
        lease = self._pool.lease(config.character_config.engine(kind))
        try:
            return await work(await lease.engine(), config)
        finally:
            lease.release()

    async def _heard(self, engine: Engine[Any], file: BinaryIO | None) -> str:
        if file is None:
            raise ValueError("The ears are tried with a recording: send one as `file`.")
        with self._decoding.place():
            async with aclosing(self._decoding.blocks(file, 2 * self._limit_s)) as sound:
                return await transcribe_all(cast("AnyASR", engine), None, sound, self._limit_s)


async def said(tts: AnyTTS, text: str) -> tuple[bytes, str]:
    """Return a WAV file in which a text is said, and the text. Raises EngineError."""
    if not tts.speaks(text):
        raise tts.silence(text)
    pcm = await tts.in_turn(text)
    if not pcm.any():
        raise EngineError("The voice gave no sound.", fault("no-sound", "tts"))
    return await asyncio.to_thread(wav_bytes, pcm, tts.sample_rate), text


async def listed(engine: Engine[Any], _: Config) -> Voices:
    """Return whom an engine can speak as. Raises EngineError."""
    found = await cast("AnyTTS", engine).voices()
    key = voice_key(type(engine.config).model_fields) or ""
    return Voices(engine.name, key, sorted(found, key=lambda one: (one.languages, one.name)))


async def answered(llm: AnyLLM, messages: Sequence[ChatMessage]) -> str:
    """Return the beginning of an answer. Raises EngineError."""
    words = ""
    async with aclosing(llm.stream(list(messages))) as pieces:
        async for piece in pieces:
            if isinstance(piece, str):
                words += piece
            if len(words) >= MOST_TEXT:
                break
    if not words.strip():
        raise EngineError("It gave no answer.", fault("no-answer", "llm"))
    return words[:MOST_TEXT]
