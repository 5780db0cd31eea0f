"""A voice, ears or a mind tried with settings that are not saved."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal, TypeVar, cast

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
from ..faults import fault
from .settings_editor import Edit, SettingsEditor

LIMIT_S = 10.0
"""For the whole of a trial, an engine loaded for it included."""
QUESTION = "How are you?"
MOST_TEXT = 600
"""Characters of an answer."""
T = TypeVar("T")
TrialKind = Literal["voice", "ears", "mind"]
_KINDS: dict[TrialKind, Kind] = {"voice": "tts", "ears": "asr", "mind": "llm"}


class TrialBusyError(Exception):
    """Something else is being tried."""


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
        return await self._tried(
            kind, edits, lambda engine: self._outcome(kind, engine, text, file)
        )

    async def voices(self, edits: Sequence[Edit]) -> Voices:
        """Return the voices that there would be. Raises as `run` does."""
        return await self._tried("voice", edits, _listed)

    async def _tried(
        self,
        kind: TrialKind,
        edits: Sequence[Edit],
        use: Callable[[Engine[Any]], Awaitable[T]],
    ) -> T:
        """Return what comes of the use of an engine as it would be."""
        if self.busy:
            raise TrialBusyError("Something else is being tried: wait until that is over.")
        self.busy = True
        try:
            config = await self._settings.drafted(edits)
            try:
                return await asyncio.wait_for(self._lent(kind, config, use), self._limit_s)
            except asyncio.TimeoutError:
                raise EngineError(
                    f"It was not done within {self._limit_s:g} s. A model that has to be fetched "
                    "or loaded takes longer the first time: save the setting, and wait until the "
                    "page says that it is ready.",
                    fault("engine-timeout", _KINDS[kind], limit_s=self._limit_s),
                ) from None
        finally:
            self.busy = False

    async def _lent(
        self, kind: TrialKind, config: Config, use: Callable[[Engine[Any]], Awaitable[T]]
    ) -> T:
        lease = self._pool.lease(config.character_config.engine(_KINDS[kind]))
        try:
            return await use(await lease.engine())
        finally:
            lease.release()

    async def _outcome(
        self, kind: TrialKind, engine: Engine[Any], text: str, file: BinaryIO | None
    ) -> Outcome:
        took = Stopwatch()
        match kind:
            case "voice":
                sound, words = await _said(cast("AnyTTS", engine), text or SENTENCE)
            case "mind":
                sound, words = b"", await _answered(cast("AnyLLM", engine), text or QUESTION)
            case "ears":
                sound, words = b"", await self._heard(engine, file)
        return Outcome(sound, words, took.ms / 1000)

    async def _heard(self, engine: Engine[Any], file: BinaryIO | None) -> str:
        if file is None:
            raise ValueError("The ears are tried with a recording: send one as `file`.")
        with self._decoding.place():
            async with aclosing(self._decoding.blocks(file, 2 * self._limit_s)) as sound:
                return await transcribe_all(cast("AnyASR", engine), None, sound, self._limit_s)


async def _said(tts: AnyTTS, text: str) -> tuple[bytes, str]:
    if not tts.speaks(text):
        raise tts.silence(text)
    pcm = await tts.in_turn(text)
    if not pcm.any():
        raise EngineError("The voice gave no sound.", fault("no-sound", "tts"))
    return await asyncio.to_thread(wav_bytes, pcm, tts.sample_rate), text


async def _listed(engine: Engine[Any]) -> Voices:
    found = await cast("AnyTTS", engine).voices()
    key = voice_key(type(engine.config).model_fields) or ""
    return Voices(engine.name, key, sorted(found, key=lambda one: (one.languages, one.name)))


async def _answered(llm: AnyLLM, question: str) -> str:
    """Return the beginning of an answer."""
    words = ""
    async with aclosing(llm.stream([ChatMessage("user", question)])) as pieces:
        async for piece in pieces:
            if isinstance(piece, str):
                words += piece
            if len(words) >= MOST_TEXT:
                break
    if not words.strip():
        raise EngineError("It gave no answer.", fault("no-answer", "llm"))
    return words[:MOST_TEXT]
