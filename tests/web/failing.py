"""Engines that cannot do their work."""

from __future__ import annotations

from typing import ClassVar

from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.engines.asr.base import ASREngine
from open_llm_vtuber.engines.base import EngineConfig, EngineError, Resources
from tests.support.engines import LoudVAD


class FailingASR(ASREngine[EngineConfig]):
    """Fails at every recording."""

    name: ClassVar[str] = "failing_asr"
    Config = EngineConfig

    async def load(self, resources: Resources) -> None:
        return

    async def transcribe(self, pcm: Pcm) -> str:
        raise EngineError("/secret/path is broken")


class FailingVAD(LoudVAD):
    """Cannot be loaded."""

    name: ClassVar[str] = "failing_vad"

    async def load(self, resources: Resources) -> None:
        raise EngineError("failing_vad: its weights could not be fetched.")
