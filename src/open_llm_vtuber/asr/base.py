"""What an ASR (automatic speech recognition) engine must do."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from ..audio import Pcm
from ..engine import C, Engine


class ASREngine(Engine[C]):
    """Writes down what was said."""

    @abstractmethod
    async def transcribe(self, pcm: Pcm) -> str:
        """Return the words in `pcm` (16 kHz), or "" where there are none. Raises EngineError."""


AnyASR = ASREngine[Any]
