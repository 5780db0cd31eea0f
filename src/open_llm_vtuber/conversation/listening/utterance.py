"""What one person said in one go: its sound, and what of it is being written down already."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from ...audio import MIC_RATE, Pcm, SoundBuffer
from .recognition import Recognition


class Utterance:
    """Grows while it is said or recorded; several can be joined to one."""

    def __init__(self, chunks: Iterable[Pcm] = (), voiced_until: float | None = None) -> None:
        self.sound = SoundBuffer(chunks)
        self.voiced_until = voiced_until
        """When the last voiced sample came in, on the clock of time.perf_counter()."""
        self.voiced_samples = 0
        """How many of its samples are voiced, counted while it is said."""
        self._recognitions: list[Recognition] = []
        """Of what comes first in it, in order."""
        self._recognized_samples = 0

    @property
    def samples(self) -> int:
        """How long it is, at 16 kHz."""
        return self.sound.samples

    @property
    def size_bytes(self) -> int:
        """Return how much memory its sound takes."""
        return self.samples * 4

    def append(self, chunk: Pcm) -> None:
        """Add the next samples."""
        self.sound.append(chunk)

    def recognized_by(self, recognition: Recognition) -> None:
        """Take the words of all of it from a recognition that is finished."""
        self._recognitions = [recognition]
        self._recognized_samples = self.samples

    async def words(self) -> list[str]:
        """Return what is written down of it already, in order. Raises EngineError."""
        return [await one.words() for one in list(self._recognitions)]

    @property
    def has_rest(self) -> bool:
        """Whether there is something in it that nobody writes down yet."""
        return self._recognized_samples < self.samples

    async def rest(self) -> AsyncIterator[Pcm]:
        """Yield the samples that nobody writes down yet, a second at a time."""
        for start in range(self._recognized_samples, self.samples, MIC_RATE):
            yield self.sound.slice(start, start + MIC_RATE)

    def extend(self, later: Utterance) -> None:
        """Append what was said next; what is being written down of the two goes on.

        Behind what nobody writes down yet, it will be written down with that.
        """
        if self.has_rest:
            later.drop()
        else:
            self._recognitions += later._recognitions
            self._recognized_samples += later._recognized_samples
        for start in range(0, later.samples, MIC_RATE):
            self.sound.append(later.sound.slice(start, start + MIC_RATE))
        self.voiced_until = later.voiced_until

    def drop(self) -> None:
        """Stop all transcriptions; what nobody writes down is then all of it."""
        for one in self._recognitions:
            one.drop()
        self._recognitions, self._recognized_samples = [], 0
