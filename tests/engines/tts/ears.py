"""Whisper base, which knows nothing of our voices: what does it understand of what they say?"""

from __future__ import annotations

import soxr
from faster_whisper import WhisperModel

from open_llm_vtuber.audio import MIC_RATE, Pcm
from open_llm_vtuber.weights.store import WeightStore
from tests.support.live import PROJECT


class Ears:
    """One loaded model."""

    def __init__(self, model: WhisperModel) -> None:
        self._model = model

    def heard(self, pcm: Pcm, rate: int, language: str) -> str:
        """Return the words."""
        found, _ = self._model.transcribe(
            soxr.resample(pcm, rate, MIC_RATE),
            language=language,
            without_timestamps=True,
            initial_prompt="以下是普通话的句子。" if language == "zh" else None,
        )
        return "".join(one.text for one in found)


async def open_ears() -> Ears:
    """Load the model, fetched if it is not here."""
    folder = await WeightStore(PROJECT / "models").weights("whisper-base")
    return Ears(WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=2))
