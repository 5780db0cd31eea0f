"""Ears that hear by how loud it is what a test has been said."""

from __future__ import annotations

import asyncio
import threading
from typing import ClassVar

import numpy as np

from open_llm_vtuber.audio import MIC_RATE, Pcm

from .client import Client, Message
from .engines import MuteASR

FRAME = 512


class LevelASR(MuteASR):
    """Writes down what is said at the loudest level, in tenths of full scale."""

    name: ClassVar[str] = "level_asr"
    repeat_cost: float | None = 0.001
    words: ClassVar[dict[int, str]] = {}

    async def transcribe(self, pcm: Pcm) -> str:
        return self.words.get(round(float(np.abs(pcm).max(initial=0.0)) * 10), "")


class SlowLevelASR(LevelASR):
    """The same, but it is not asked while something is said."""

    name: ClassVar[str] = "slow_level_asr"
    repeat_cost: float | None = None


class HeldLevelASR(SlowLevelASR):
    """The same, but not while `held` is set. It counts what it has `written`."""

    name: ClassVar[str] = "held_level_asr"
    held: ClassVar[threading.Event] = threading.Event()
    written: ClassVar[list[str]] = []

    async def transcribe(self, pcm: Pcm) -> str:
        while self.held.is_set():
            await asyncio.sleep(0.005)
        self.written.append(await super().transcribe(pcm))
        return self.written[-1]


async def speak(one: Client, level: int, seconds: float, *, play: bool = False) -> list[Message]:
    """Say something into the open stream, as a page sends it; return what came meanwhile.

    Each frame was handled before the next one.
    """
    samples = np.full(FRAME, level * 3276.7, "<i2").tobytes()
    told = []
    for _ in range(round(seconds * MIC_RATE / FRAME)):
        await one.socket.send(samples)
        told += await one.beat(play=play)
    return told
