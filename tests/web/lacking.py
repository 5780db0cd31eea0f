"""Engines of every kind that cannot be loaded, or not before a test wants it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar

from open_llm_vtuber.engines.base import EngineConfig, EngineError, Resources
from open_llm_vtuber.engines.vad.base import Thresholds, VADEngine, VADStream
from tests.support.engines import EchoConfig, EchoLLM, MuteASR, ToneConfig, ToneTTS


class Gate(EngineConfig):
    gate: str = ""
    """The file whose existence lets the engine in; without one it never comes."""


async def _pass(gate: str, name: str) -> None:
    if not gate:
        raise EngineError(f"{name}: its weights are not there.")
    while not await asyncio.to_thread(Path(gate).exists):
        await asyncio.sleep(0.02)


class LackingVAD(VADEngine[Gate]):
    name: ClassVar[str] = "lacking_vad"
    Config = Gate

    async def load(self, resources: Resources) -> None:
        await _pass(self.config.gate, self.name)

    @property
    def thresholds(self) -> Thresholds:
        return Thresholds(0.5, 60, 3, 8, 24, 5)

    def open_stream(self) -> VADStream:
        raise EngineError("lacking_vad: it hears nothing.")


class LackingASR(MuteASR):
    name: ClassVar[str] = "lacking_asr"
    Config = Gate

    async def load(self, resources: Resources) -> None:
        assert isinstance(self.config, Gate)
        await _pass(self.config.gate, self.name)


class GatedEcho(EchoConfig, Gate):
    pass


class LackingLLM(EchoLLM):
    name: ClassVar[str] = "lacking_llm"
    Config = GatedEcho

    async def load(self, resources: Resources) -> None:
        assert isinstance(self.config, GatedEcho)
        await _pass(self.config.gate, self.name)
        await super().load(resources)


class GatedTone(ToneConfig, Gate):
    pass


class LackingTTS(ToneTTS):
    name: ClassVar[str] = "lacking_tts"
    Config = GatedTone

    async def load(self, resources: Resources) -> None:
        assert isinstance(self.config, GatedTone)
        await _pass(self.config.gate, self.name)
        await super().load(resources)
