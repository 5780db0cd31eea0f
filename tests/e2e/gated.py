"""Engines that are loading, or speaking, for as long as a test wants, or cannot be loaded."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import ClassVar

from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.engines.asr.base import ASREngine
from open_llm_vtuber.engines.base import EngineConfig, EngineError, Resources
from open_llm_vtuber.engines.llm.base import ChatMessage, LLMEngine
from open_llm_vtuber.engines.tts.hibari_tts import HibariConfig, HibariTTS
from open_llm_vtuber.engines.tts.speech import Speech, joined


class GatedConfig(EngineConfig):
    gate: str


class GatedLLM(LLMEngine[GatedConfig]):
    """Is ready once the file `gate` exists; then it repeats what it is sent."""

    name: ClassVar[str] = "gated_llm"
    Config = GatedConfig

    async def load(self, resources: Resources) -> None:
        gate = Path(self.config.gate)
        while not await asyncio.to_thread(gate.exists):
            await asyncio.sleep(0.05)

    async def stream(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[str, None]:
        yield messages[-1].content


class WaitingASR(ASREngine[GatedConfig]):
    """Is ready once the file `gate` exists."""

    name: ClassVar[str] = "waiting_asr"
    Config = GatedConfig

    async def load(self, resources: Resources) -> None:
        gate = Path(self.config.gate)
        while not await asyncio.to_thread(gate.exists):
            await asyncio.sleep(0.05)

    async def transcribe(self, pcm: Pcm) -> str:
        return ""


class GatedVoiceConfig(HibariConfig):
    gate: str = ""


class GatedTTS(HibariTTS):
    """Says a half of each sentence; the other half once the file `gate` exists."""

    name: ClassVar[str] = "gated_tts"
    Config = GatedVoiceConfig

    async def synthesize(self, text: str) -> AsyncGenerator[Speech, None]:
        whole = joined([part async for part in super().synthesize(text)])
        half = len(whole.pcm) // 2
        yield Speech(whole.pcm[:half], whole.words)
        assert isinstance(self.config, GatedVoiceConfig)
        gate = Path(self.config.gate)
        while not await asyncio.to_thread(gate.exists):
            await asyncio.sleep(0.05)
        yield Speech(whole.pcm[half:])


class BrokenLLM(LLMEngine[EngineConfig]):
    """Can never be loaded."""

    name: ClassVar[str] = "broken_llm"
    Config = EngineConfig

    async def load(self, resources: Resources) -> None:
        raise EngineError("broken_llm: its weights are not there.")

    async def stream(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[str, None]:
        yield ""
