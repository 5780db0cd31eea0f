"""What an embedder must do: texts in, a vector for each out, near to those of like meaning."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..base import C, Engine
from ..trial import SENTENCE, Stopwatch, Trial

DIMENSIONS = 384
"""Of every vector, whichever model made it."""
MAX_CHARS = 2000
"""Of a text: what is said later in it is not in its vector."""
_BEHIND_S = 1.0
"""By how much what is to be found waits for who looks for something."""

Vectors = NDArray[np.float32]
"""A row of `DIMENSIONS` numbers for each text, each row of length 1."""


class Embedder(Engine[C]):
    """Tells what texts mean, so that one is found by a question in other words.

    It makes a search better and is never waited for: where it cannot be had, words alone decide.
    """

    niceness = 5
    """What is told of old messages is background work; others are answered meanwhile."""
    at_once = 1
    """How many texts a call is given."""

    @property
    @abstractmethod
    def space(self) -> str:
        """Name the model: vectors can be compared with those of the same name alone."""

    @abstractmethod
    async def encode(self, texts: Sequence[str], *, query: bool) -> Vectors:
        """Return the vectors of at most `at_once` texts, of any length. Raises EngineError.

        Call `embed` instead: this is what an engine does when it is its turn.
        """

    async def embed(self, texts: Sequence[str], *, query: bool) -> Vectors:
        """Return a vector for each text: `query` for one that looks for others, not to be found.

        `len(texts)` x DIMENSIONS. Others get their turn in between. Raises EngineError.
        """
        plain = [_plain(text) for text in texts]
        rows = [np.zeros((0, DIMENSIONS), np.float32)]
        for start in range(0, len(plain), self.at_once):
            async with self.place(0.0 if query else _BEHIND_S):
                rows.append(await self.encode(plain[start : start + self.at_once], query=query))
        return fitted(np.concatenate(rows[1:] or rows))

    async def trial(self, trial: Trial) -> str:
        """Tell what a sentence means."""
        took = Stopwatch()
        await self.embed([SENTENCE], query=True)
        return f"{took.ms:.0f} ms for a sentence"


def _plain(text: str) -> str:
    """Return the beginning of a text, its space evened, as what any server takes."""
    even = " ".join(text[: 2 * MAX_CHARS].split())[:MAX_CHARS]
    return even.encode("utf-8", "replace").decode("utf-8")


def fitted(vectors: Vectors) -> Vectors:
    """Return vectors of any length as rows of DIMENSIONS numbers and of length 1.

    Of longer ones the first numbers are taken: models that are made for it keep what matters most
    there, and of others this part tells nearly as much.
    """
    rows = np.zeros((len(vectors), DIMENSIONS), np.float32)
    kept = min(DIMENSIONS, vectors.shape[1])
    rows[:, :kept] = np.nan_to_num(vectors[:, :kept], posinf=0, neginf=0)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    evened: Vectors = rows / np.maximum(lengths, np.float32(1e-12))
    return evened


AnyEmbedder = Embedder[Any]
