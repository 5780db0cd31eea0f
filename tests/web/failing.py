"""Engines that cannot do their work."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.engines.asr.base import ASREngine
from open_llm_vtuber.engines.base import EngineConfig, EngineError, Resources
from open_llm_vtuber.engines.turn.base import TurnDetector
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


class FailingTurn(TurnDetector[EngineConfig]):
    """Cannot be loaded."""

    name: ClassVar[str] = "failing_turn"
    Config = EngineConfig
    window_s = 8.0

    async def load(self, resources: Resources) -> None:
        raise EngineError("failing_turn: its weights could not be fetched.")

    async def complete(self, pcm: Pcm) -> float:
        raise NotImplementedError


class SlowTurn(FailingTurn):
    """Is being loaded for ever."""

    name: ClassVar[str] = "slow_turn"

    async def load(self, resources: Resources) -> None:
        await asyncio.Event().wait()
