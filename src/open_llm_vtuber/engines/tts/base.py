"""What a TTS (text to speech) engine must do."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from loguru import logger

from ...audio import MIC_RATE, Pcm
from ...faults import fault
from ..base import C, Engine, EngineError
from ..trial import SENTENCE, Stopwatch, Trial
from ..work_time import work_timeout
from . import scripts
from .speech import Speech, joined

FAILED = "The voice failed at a sentence; the server's log says more."
"""What a person is told of an error that is not written for them."""


@dataclass(frozen=True)
class VoiceInfo:
    """One voice that an engine can speak with."""

    id: str
    """What conf.yaml names it by."""
    name: str
    """As a person calls it."""
    languages: tuple[str, ...] = ()
    """BCP 47 tags, such as zh-CN; empty where that is not known."""
    gender: str = ""
    """"female", "male", or "" where that is not known."""


class TTSEngine(Engine[C]):
    """Says a sentence aloud."""

    too_slow = (
        "The voice took longer than {limit} s for a sentence (system_config.limits.tts_timeout_s)."
    )
    streams: ClassVar[bool] = False
    """Whether a sentence comes in chunks, the first before the whole is made."""
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

    def silence(self, text: str) -> EngineError:
        """Return for a person why words of `text` are not heard, and how to mend it."""
        names = [scripts.NAMES[one] for one in scripts.unspoken(text, self.scripts or ())]
        scripts_named = " or ".join(dict.fromkeys(names))
        return EngineError(
            f"The voice {self.name} cannot say {scripts_named}: such words "
            f"are shown, but not heard. {self.other_voices}",
            fault("script-unspoken", "tts", name=self.name, scripts=scripts_named),
        )

    async def voices(self) -> Sequence[VoiceInfo]:
        """Return the voices there are, once it is loaded. Raises EngineError.

        None where that cannot be known: a service need not list them.
        """
        return ()

    @abstractmethod
    def synthesize(self, text: str) -> AsyncGenerator[Pcm | Speech, None]:
        """Yield the speech for `text`, in chunks as they come. Raises EngineError.

        A voice that knows when it says which word yields `Speech`, any other the sound alone.
        Closing the iterator stops the synthesis. Call `in_turn` instead: this is what an engine
        does when it is its turn.
        """

    async def in_turn(
        self, text: str, *, before_s: float = 0.0, timeout_s: float = math.inf
    ) -> Pcm:
        """Return the sound of a sentence, once those that go first are said. Raises EngineError.

        `before_s` is how long what was said before in the same answer sounds; `timeout_s` counts
        from when it is its turn.
        """
        return (await self.whole_in_turn(text, before_s=before_s, timeout_s=timeout_s)).pcm

    async def whole_in_turn(
        self, text: str, *, before_s: float = 0.0, timeout_s: float = math.inf
    ) -> Speech:
        """Return the speech for a sentence, with its words; as `in_turn`."""
        chunks = self.stream_in_turn(text, before_s=before_s, timeout_s=timeout_s)
        async with aclosing(chunks):
            return joined([chunk async for chunk in chunks])

    async def stream_in_turn(
        self, text: str, *, before_s: float = 0.0, timeout_s: float = math.inf
    ) -> AsyncGenerator[Speech, None]:
        """Yield the speech for a sentence in chunks, as soon as each is there. Raises EngineError.

        As `in_turn`; the time in which the caller is busy with a chunk does not count. Closing the
        iterator stops the synthesis.
        """
        if not text.strip():
            return
        left_s = timeout_s
        async with self.place(before_s), aclosing(self.synthesize(text)) as chunks:
            while True:
                took = Stopwatch()
                try:
                    with work_timeout(left_s):
                        chunk = await anext(chunks, None)
                except EngineError:
                    raise
                except TimeoutError:
                    raise self._late(timeout_s) from None
                except Exception as error:  # a library's: the sound of one sentence ends here
                    logger.exception("a voice failed at a sentence")
                    raise EngineError(FAILED) from error
                if chunk is None:
                    return
                left_s -= took.ms / 1000
                speech = chunk if isinstance(chunk, Speech) else Speech(chunk)
                if not np.isfinite(speech.pcm).all():
                    finite = np.nan_to_num(speech.pcm, posinf=0, neginf=0)
                    speech = Speech(finite, speech.words)
                yield speech

    async def trial(self, trial: Trial) -> str:
        """Say a sentence, for the ears to be tried with."""
        await self.in_turn("One.")  # the first sentence of all is slower
        took = Stopwatch()
        pcm = await self.in_turn(SENTENCE)
        took_ms, length_s = took.ms, len(pcm) / self.sample_rate
        if not pcm.any():
            raise EngineError("It gave no sound.", fault("no-sound"))
        positions = np.arange(int(length_s * MIC_RATE)) * (self.sample_rate / MIC_RATE)
        trial.speech = np.interp(positions, np.arange(len(pcm)), pcm).astype(np.float32)
        return f"{took_ms:.0f} ms for {length_s:.1f} s of speech"


AnyTTS = TTSEngine[Any]
