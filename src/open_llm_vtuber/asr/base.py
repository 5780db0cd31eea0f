"""What an ASR (automatic speech recognition) engine must do."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

from ..audio import Pcm
from ..engine import C, Engine


class ASREngine(Engine[C]):
    """Writes down what was said."""

    repeat_cost: ClassVar[float | None] = None
    """Of an engine that may be asked for the words of a growing utterance again and again: about
    how many seconds of work a second of sound is. None where each call costs money, or much time
    however short the sound."""

    @abstractmethod
    async def transcribe(self, pcm: Pcm) -> str:
        """Return the words in `pcm` (16 kHz), or "" where there are none. Raises EngineError."""


AnyASR = ASREngine[Any]
