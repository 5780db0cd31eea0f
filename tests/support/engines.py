"""Engines that do at once, or fail at, what they are told: chosen in a conf.yaml by their path."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Sequence
from typing import ClassVar
from weakref import WeakSet

import numpy as np

from open_llm_vtuber.audio import MIC_RATE, Pcm
from open_llm_vtuber.engines.asr.base import ASREngine
from open_llm_vtuber.engines.base import EngineConfig, EngineError, Resources
from open_llm_vtuber.engines.llm.base import ChatMessage, LLMEngine
from open_llm_vtuber.engines.tts.base import TTSEngine
from open_llm_vtuber.engines.vad.base import Thresholds, VADEngine

RATE = 24_000


class ToneConfig(EngineConfig):
    seconds: float = 2.0
    delay_s: float = 0.0


class ToneTTS(TTSEngine[ToneConfig]):
    """Says everything as one tone, prepared once; fails at a sentence that holds BREAK.

    At CRASH it fails as a library does, and what it makes of NAN is no sound.
    """

    name: ClassVar[str] = "tone_tts"
    Config = ToneConfig
    loaded: ClassVar[WeakSet[ToneTTS]] = WeakSet()
    concurrency = 1000
    sample_rate = RATE

    async def load(self, resources: Resources) -> None:
        samples = np.arange(int(RATE * self.config.seconds))
        self._tone = (0.3 * np.sin(samples * 2 * np.pi * 220 / RATE)).astype(np.float32)
        self.active = 0
        self.loaded.add(self)

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        self.active += 1
        try:
            await asyncio.sleep(self.config.delay_s)
            if "BREAK" in text:
                raise EngineError("tone_tts: this sentence breaks the voice.")
            if "CRASH" in text:
                raise RuntimeError("a library's own words")
            yield np.full(RATE, np.nan, np.float32) if "NAN" in text else self._tone
        finally:
            self.active -= 1


class LoudVAD(VADEngine[EngineConfig]):
    """Takes every sound for a voice, and silence for none; it is there at once."""

    name: ClassVar[str] = "loud_vad"
    Config = EngineConfig
    thresholds = Thresholds(0.5, 40, 3, 8, 24, 5)

    async def load(self, resources: Resources) -> None:
        return

    def open_stream(self) -> LoudStream:
        return LoudStream()


class LoudStream:
    """One microphone of LoudVAD."""

    async def feed(self, frames: Pcm) -> list[float]:
        return [float(np.abs(frame).max() > 1e-3) for frame in frames]

    def reset(self) -> None:
        return


class MuteASR(ASREngine[EngineConfig]):
    """Hears nothing."""

    name: ClassVar[str] = "mute_asr"
    Config = EngineConfig

    async def load(self, resources: Resources) -> None:
        return

    async def transcribe(self, pcm: Pcm) -> str:
        return ""


class LoudnessASR(MuteASR):
    """Writes down for how many seconds it is loud; not while `held` is set."""

    name: ClassVar[str] = "loudness_asr"
    held: ClassVar[threading.Event] = threading.Event()

    async def transcribe(self, pcm: Pcm) -> str:
        while self.held.is_set():
            await asyncio.sleep(0.005)
        return f"Loud for {np.count_nonzero(np.abs(pcm) > 0.1) / MIC_RATE:.1f} s."


class WordsASR(MuteASR):
    """Hears the next of what a test has it hear."""

    name: ClassVar[str] = "words_asr"
    said: ClassVar[list[str]] = []

    async def transcribe(self, pcm: Pcm) -> str:
        return self.said.pop(0)


class HangingASR(MuteASR):
    """Never returns."""

    name: ClassVar[str] = "hanging_asr"

    async def transcribe(self, pcm: Pcm) -> str:
        await self.run(threading.Event().wait)
        return ""


class EchoConfig(EngineConfig):
    reply: str = ""
    delay_s: float = 0.0


class EchoLLM(LLMEngine[EchoConfig]):
    """Answers with the configured reply, or with what it was sent, a word at a time."""

    name: ClassVar[str] = "echo_llm"
    Config = EchoConfig
    loaded: ClassVar[WeakSet[EchoLLM]] = WeakSet()

    async def load(self, resources: Resources) -> None:
        self.active = 0
        self.loaded.add(self)

    async def stream(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[str, None]:
        self.active += 1
        try:
            reply = self.config.reply or messages[-1].content
            for word in reply.split(" "):
                await asyncio.sleep(self.config.delay_s)
                yield word + " "
        finally:
            self.active -= 1


class MemoryLLM(LLMEngine[EngineConfig]):
    """Answers with everything the prompt holds: shows what is remembered, and of whom."""

    name: ClassVar[str] = "memory_llm"
    Config = EngineConfig

    async def load(self, resources: Resources) -> None:
        return

    async def stream(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[str, None]:
        for message in messages[1:]:
            yield f"{message.role}: {message.content}\n"
