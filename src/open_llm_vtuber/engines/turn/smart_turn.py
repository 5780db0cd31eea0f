"""Smart Turn v3: tells from the sound of the last 8 seconds, in 23 languages."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ...audio import MIC_RATE, Pcm
from ..about import About
from ..base import EngineConfig, Resources
from ..onnx_session import open_session
from .base import TurnDetector
from .log_mel import log_mel

WEIGHTS = "smart-turn-v3.2"


class SmartTurnConfig(EngineConfig):
    """Keys of the section `smart_turn`: none."""


class SmartTurn(TurnDetector[SmartTurnConfig]):
    """One ONNX session for everybody; a question takes less than a tenth of a second."""

    name: ClassVar[str] = "smart_turn"
    about = About("here", "23", "BSD-2-Clause", tested="for real")
    Config = SmartTurnConfig
    requires: ClassVar = {"onnxruntime": ""}
    window_s = 8.0

    def __init__(self, config: SmartTurnConfig) -> None:
        super().__init__(config)
        self._session: Any = None

    async def load(self, resources: Resources) -> None:
        """Fetch the model (8.7 MB) and open it. Raises EngineError."""
        folder = await resources.weights(WEIGHTS)
        self._session = await self.run(open_session, folder / "smart-turn-v3.2-cpu.onnx")

    async def close(self) -> None:
        """Free the session."""
        await super().close()
        self._session = None

    async def complete(self, pcm: Pcm) -> float:
        """Return how likely what was said is complete, from 0 to 1. Raises EngineError."""
        return await self.run(_complete, self._session, pcm)


def _complete(session: Any, pcm: Pcm) -> float:
    """Ask the model; it was trained on the end of 8 s, silence in front, at variance 1."""
    sound = np.zeros(int(SmartTurn.window_s * MIC_RATE), np.float32)
    if len(pcm):
        sound[-len(pcm) :] = pcm
    sound = (sound - sound.mean()) / np.sqrt(sound.var() + 1e-7)
    (probabilities,) = session.run(None, {"input_features": log_mel(sound)[None]})
    return float(probabilities[0, 0])
