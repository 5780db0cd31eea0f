"""The stand-in for the online voice, and ears for the voices of this computer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from open_llm_vtuber.audio import Pcm

from .ears import Ears, open_ears
from .edge_server import EdgeService, edge_service


@pytest.fixture
async def edge(speech: Path) -> AsyncIterator[EdgeService]:
    pcm, _ = soundfile.read(speech / "zh_pangram.wav", dtype="float32")
    async with edge_service(pcm) as service:
        yield service


@pytest.fixture(scope="module")
async def ears() -> Ears:
    return await open_ears()


@pytest.fixture(scope="session")
def long_speech(speech: Path) -> Pcm:
    """A sentence of two seconds and more, as 24 kHz."""
    pcm, rate = soundfile.read(speech / "zh_pangram.wav", dtype="float32")
    times = np.arange(len(pcm) * 24_000 // rate) * (rate / 24_000)
    resampled: Pcm = np.interp(times, np.arange(len(pcm)), pcm).astype(np.float32)
    return resampled
