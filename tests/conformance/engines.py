"""Engines that show what reached them, or fail in a certain way: for the rows that need it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import ClassVar

import numpy as np

from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.engines.asr.base import ASREngine
from open_llm_vtuber.engines.base import EngineConfig, EngineError, Resources
from open_llm_vtuber.engines.llm.base import ChatMessage, LLMEngine
from open_llm_vtuber.engines.tts.base import TTSEngine


class MeasuringASR(ASREngine[EngineConfig]):
    """Hears how many samples there were and how loud the loudest was."""

    name: ClassVar[str] = "measuring_asr"
    Config = EngineConfig

    async def load(self, resources: Resources) -> None:
        return

    async def transcribe(self, pcm: Pcm) -> str:
        return f"samples={len(pcm)} peak={float(np.abs(pcm).max(initial=0)):.2f}"


class BrokenASR(ASREngine[EngineConfig]):
    """Fails in a way nobody foresaw; the text is for the log alone."""

    name: ClassVar[str] = "broken_asr"
    Config = EngineConfig

    async def load(self, resources: Resources) -> None:
        return

    async def transcribe(self, pcm: Pcm) -> str:
        raise RuntimeError("/secret/path/of/the/machine")


class BrokenLLM(LLMEngine[EngineConfig]):
    """Answers with one sentence, then fails; fails at once when told "at once"."""

    name: ClassVar[str] = "broken_llm"
    Config = EngineConfig

    async def load(self, resources: Resources) -> None:
        return

    async def stream(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[str, None]:
        if "at once" not in messages[-1].content:
            yield "This much was said. And then"
            await asyncio.sleep(0.1)
        raise EngineError("broken_llm: the service refused the request (HTTP 429).")


class PromptLLM(LLMEngine[EngineConfig]):
    """Answers with its whole prompt, the system prompt included."""

    name: ClassVar[str] = "prompt_llm"
    Config = EngineConfig

    async def load(self, resources: Resources) -> None:
        return

    async def stream(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[str, None]:
        for message in messages:
            yield f"{message.role}={message.content} pictures={len(message.images)}\n"


class QuietTTS(TTSEngine[EngineConfig]):
    """Gives nothing but zeros."""

    name: ClassVar[str] = "quiet_tts"
    Config = EngineConfig
    sample_rate = 16_000

    async def load(self, resources: Resources) -> None:
        return

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        yield np.zeros(8000, np.float32)


class UnevenTTS(TTSEngine[EngineConfig]):
    """Takes longest for the first of several sentences: the order must not be that of arrival."""

    name: ClassVar[str] = "uneven_tts"
    Config = EngineConfig
    concurrency = 8
    sample_rate = 16_000

    async def load(self, resources: Resources) -> None:
        self._delay_s = 0.3

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        self._delay_s, delay_s = self._delay_s / 2, self._delay_s
        await asyncio.sleep(delay_s)
        yield np.full(1600, 0.5, np.float32)


class ParrotTTS(TTSEngine[EngineConfig]):
    """The length of its sound tells the text: 160 samples for each character."""

    name: ClassVar[str] = "parrot_tts"
    Config = EngineConfig
    sample_rate = 16_000

    async def load(self, resources: Resources) -> None:
        return

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        yield np.full(160 * len(text), 0.5, np.float32)


class RecallingLLM(LLMEngine[EngineConfig]):
    """Repeats all that people said in its conversation; tells on which loop the server runs."""

    name: ClassVar[str] = "recalling_llm"
    Config = EngineConfig
    loop: ClassVar[asyncio.AbstractEventLoop | None] = None

    async def load(self, resources: Resources) -> None:
        RecallingLLM.loop = asyncio.get_running_loop()

    async def stream(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[str, None]:
        for message in messages[1:]:
            if message.role == "user":
                await asyncio.sleep(0)
                yield message.content + " "
        yield "So be it. "
