"""edge_tts without its service: the sound it sends is decoded, and its absence is explained."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from open_llm_vtuber.engine import EngineError
from open_llm_vtuber.tts.edge_tts import EdgeConfig, EdgeTTS
from open_llm_vtuber.weights.store import WeightStore

pytestmark = pytest.mark.anyio


def mp3(rate: int) -> io.BytesIO:
    samples = np.sin(np.arange(rate) * 2 * np.pi * 220 / rate) * 0.3
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="MP3")
    file.seek(0)
    return file


async def test_the_mp3_of_the_service_becomes_samples() -> None:
    engine = EdgeTTS(EdgeConfig())
    pcm = engine._decode(mp3(24_000))
    assert pcm.dtype == np.float32
    assert 0.9 < len(pcm) / engine.sample_rate < 1.2
    assert 0.25 < np.abs(pcm).max() < 0.35


async def test_another_rate_is_refused() -> None:
    with pytest.raises(EngineError, match="16000 Hz"):
        EdgeTTS(EdgeConfig())._decode(mp3(16_000))


async def test_offline_it_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="--offline"):
        await EdgeTTS(EdgeConfig()).load(WeightStore(tmp_path, offline=True))
