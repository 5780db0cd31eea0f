"""What an ASR (automatic speech recognition) engine must do."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import AsyncGenerator, Awaitable
from typing import Any

from loguru import logger

from ...audio import MIC_RATE, Pcm
from ..base import C, Engine, EngineError
from ..trial import Stopwatch, Trial
from ..work_time import work_timeout

FAILED = "Writing down what was said failed; the server's log says more."
"""What a person is told of an error that is not written for them."""


class ASREngine(Engine[C]):
    """Writes down what was said."""

    streams: bool = False
    """Whether it follows a microphone by itself, with `follow`."""
    max_segment_s: float | None = 30.0
    """How much sound it is given at once; longer sound is cut, at pauses where there are any. None
    where it takes any length."""
    repeat_cost: float | None = None
    """Of an engine that may be asked for the words of a growing utterance again and again: about
    how many seconds of work a second of sound is. None where each call costs money, or much time
    however short the sound."""

    niceness = 10
    """A long recording takes as long as it takes; meanwhile others are answered (the language
    model's threads have 5)."""

    too_slow = (
        "Writing down what was said took longer than {limit} s "
        "(system_config.limits.asr_timeout_s)."
    )

    @abstractmethod
    async def transcribe(self, pcm: Pcm) -> str:
        """Return the words in `pcm` (16 kHz), or "" where there are none. Raises EngineError.

        Call `in_turn` instead: this is what an engine does when it is its turn.
        """

    async def in_turn(self, pcm: Pcm, *, before_s: float = 0.0, timeout_s: float = math.inf) -> str:
        """Return the words of one segment, once those that go first are done. Raises EngineError.

        `before_s` is how much of the same recording has been written down already; `timeout_s`
        counts from when it is its turn.
        """
        async with self.place(before_s + len(pcm) / MIC_RATE):
            return await self.in_time(self.transcribe(pcm), timeout_s)

    async def in_time(self, words: Awaitable[str], timeout_s: float) -> str:
        """Return `words`. Raises EngineError if they take longer."""
        try:
            with work_timeout(timeout_s):
                return await words
        except EngineError:
            raise
        except TimeoutError:
            raise self._late(timeout_s) from None
        except Exception as error:  # a library's: the words of one recording end here
            logger.exception("an ASR engine failed at what was said")
            raise EngineError(FAILED) from error

    def follow(self, sound: AsyncGenerator[Pcm, None]) -> AsyncGenerator[str, None]:
        """Yield what was heard so far in `sound` (16 kHz, as it is said), all of it each time.

        Of an engine that `streams`. The last is what counts; it comes when `sound` has ended.
        Raises EngineError. Closing the iterator stops it. An utterance may last for minutes: what
        keeps others waiting meanwhile goes through `run`, or has its `place`, piece by piece.
        """
        raise NotImplementedError(f"{self.name} takes whole sound only")

    async def trial(self, trial: Trial) -> str:
        """Write down what the voice said."""
        took = Stopwatch()
        text = await self.in_turn(trial.speech)
        return f'{took.ms:.0f} ms; heard "{text[:60]}"'


AnyASR = ASREngine[Any]
