"""Engines that many want at once: a model with one place, and ears that can be held up."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Sequence
from typing import ClassVar

import numpy as np

from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.engines.base import EngineConfig, EngineError, Resources
from open_llm_vtuber.engines.llm.base import ChatMessage, LLMEngine
from open_llm_vtuber.engines.vad.base import Thresholds, VADEngine


class NarrowLLM(LLMEngine[EngineConfig]):
    """Repeats what it was told, for one after another."""

    name: ClassVar[str] = "narrow_llm"
    Config = EngineConfig

    async def load(self, resources: Resources) -> None:
        self._place = asyncio.Semaphore(1)

    async def stream(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[str, None]:
        async with self._place:
            for word in messages[-1].content.split(" "):
                await asyncio.sleep(0)
                yield word + " "


class LoudVADConfig(EngineConfig):
    nickname: str = ""


class LoudVAD(VADEngine[LoudVADConfig]):
    """Takes what is loud for speech. While `held` is set it does not answer."""

    name: ClassVar[str] = "loud_vad"
    Config = LoudVADConfig
    held: ClassVar[threading.Event] = threading.Event()
    asked: ClassVar[int] = 0
    closed = False

    async def load(self, resources: Resources) -> None:
        return

    @property
    def thresholds(self) -> Thresholds:
        return Thresholds(0.5, 0, 3, 8, 24, 1)

    def open_stream(self) -> LoudStream:
        return LoudStream(self)

    async def close(self) -> None:
        self.closed = True
        await super().close()


class LoudStream:
    """The ears of one."""

    def __init__(self, engine: LoudVAD) -> None:
        self._engine = engine

    async def feed(self, frames: Pcm) -> list[float]:
        LoudVAD.asked += 1
        while LoudVAD.held.is_set():
            await asyncio.sleep(0.005)
        if self._engine.closed:
            raise EngineError("loud_vad was closed while it listened.")
        return [float(loud) for loud in np.abs(frames).max(axis=1) > 0.1]

    def reset(self) -> None:
        return
