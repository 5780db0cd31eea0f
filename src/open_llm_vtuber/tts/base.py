"""What a TTS (text to speech) engine must do."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncGenerator
from typing import Any

from ..audio import Pcm
from ..engine import C, Engine


class TTSEngine(Engine[C]):
    """Says a sentence aloud."""

    sample_rate: int
    """Of everything it yields, in samples per second; known once it is loaded."""

    @abstractmethod
    def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        """Yield the speech for `text`, in chunks as they come. Raises EngineError.

        Closing the iterator stops the synthesis.
        """


AnyTTS = TTSEngine[Any]
