"""What a TTS (text to speech) engine must do."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncGenerator
from typing import Any

from ..audio import Pcm
from ..engine import C, Engine
from . import scripts

FAILED = "The voice failed at a sentence; the server's log says more."
"""What a person is told of an error that is not written for them."""


class TTSEngine(Engine[C]):
    """Says a sentence aloud."""

    sample_rate: int
    """Of everything it yields, in samples per second; known once it is loaded."""
    scripts: frozenset[str] | None = None
    """The scripts whose words it can say, of `scripts.NAMES`; None: whatever it is given."""
    other_voices: str = "Choose another voice (tts_config.tts_model in conf.yaml)."
    """How to get a voice for other scripts."""

    def speaks(self, text: str) -> bool:
        """Tell whether it has a sound for every word of `text`."""
        return self.scripts is None or not scripts.unspoken(text, self.scripts)

    def speakable(self, text: str) -> str:
        """Return `text` without the words it has no sound for; "" if no other is in it."""
        return text if self.speaks(text) else scripts.speakable(text, self.scripts or ())

    def silence(self, text: str) -> str:
        """Return for a person why words of `text` are not heard, and how to mend it."""
        names = [scripts.NAMES[one] for one in scripts.unspoken(text, self.scripts or ())]
        return (
            f"The voice {self.name} cannot say {' or '.join(dict.fromkeys(names))}: such words "
            f"are shown, but not heard. {self.other_voices}"
        )

    @abstractmethod
    def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        """Yield the speech for `text`, in chunks as they come. Raises EngineError.

        Closing the iterator stops the synthesis.
        """


AnyTTS = TTSEngine[Any]
