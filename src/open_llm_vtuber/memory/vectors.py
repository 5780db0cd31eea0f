"""Which of many vectors are most like one: their signs are compared first, then the best exactly.

A vector is kept as int8, of which only the direction counts. What all have in common is taken off
before the signs are: those of sentence embeddings are much alike otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int8]
Vectors = NDArray[np.float32]

RESCORED = 1000
"""How many that the signs find are compared exactly."""
_LOOKED_AT = 200
"""How many of them may be chosen."""
_THE_SAME = 0.95
"""The cosine of two that say the same: the more like the vector stands for both."""
_SAMPLED = 1000
_LEAST_ROWS = 256


def encoded(vectors: Vectors) -> list[bytes]:
    """Return vectors (n x dimensions) as they are stored: a signed byte for each dimension."""
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    scaled = vectors * (127 / np.where(largest > 0, largest, 1))
    return [row.tobytes() for row in np.rint(scaled).astype(np.int8)]


@dataclass(frozen=True)
class Likeness:
    """What is most like a vector, and how like it the others are."""

    scores: Mapping[int, float] = field(default_factory=dict)
    """The cosine of its best sentence by the id of the message, best first."""
    mean: float = 0.0
    """The cosine of all, on average over a sample."""
    deviation: float = 0.0


NOTHING = Likeness()


class VectorIndex:
    """The vectors of one memory. Threads take turns with it, which is for its owner to see to."""

    def __init__(self, dimensions: int) -> None:
        self.dimensions = dimensions
        self.read_to = 0
        """The id of the last row that was read of the table."""
        self._count = 0
        self._messages = np.zeros(_LEAST_ROWS, np.int64)
        self._codes: Codes = np.zeros((_LEAST_ROWS, dimensions), np.int8)
        self._signs = _no_signs(_LEAST_ROWS, dimensions)
        self._common: Vectors = np.zeros(dimensions, np.float32)
        self._common_of = 0
        """How many there were when it was found what all have in common."""
        self._sample: Vectors = np.zeros((0, dimensions), np.float32)

    def __len__(self) -> int:
        return self._count

    def add(self, rows: Collection[tuple[int, bytes]]) -> None:
        """Add vectors, as stored, of messages, by id."""
        if not rows:
            return
        begin, end = self._count, self._count + len(rows)
        self._make_room(end)
        self._messages[begin:end] = [key for key, _ in rows]
        stored = b"".join(vector for _, vector in rows)
        self._codes[begin:end] = np.frombuffer(stored, np.int8).reshape(-1, self.dimensions)
        self._count = end
        self._sample = self._sampled()
        if end > 2 * self._common_of:
            self._common, self._common_of = self._sample.mean(axis=0), end
            begin = 0
        self._signs[:, begin:end] = self._signed(self._codes[begin:end])

    def discard(self, message_ids: Collection[int]) -> None:
        """Take messages out."""
        gone = np.isin(self._messages[: self._count], list(message_ids))
        if not gone.any():
            return
        kept = np.flatnonzero(~gone)
        for rows in (self._messages, self._codes, self._signs.T):
            rows[: len(kept)] = rows[kept]
            rows[len(kept) : self._count] = 0
        self._count = len(kept)
        self._sample = self._sampled()

    def most_like(self, vector: Vectors, limit: int) -> Likeness:
        """Return the messages whose vectors are most like `vector`; its length does not matter.

        Of what was said again and again, the last time alone.
        """
        if not self._count or not vector.any():
            return NOTHING
        asked = (vector / np.linalg.norm(vector)).astype(np.float32)
        differ = self._signs[:, : self._count] ^ _packed((asked - self._common)[np.newaxis])
        apart = np.bitwise_count(differ).sum(axis=0, dtype=np.uint16)
        near = np.arange(self._count)
        if self._count > RESCORED:
            near = np.argpartition(apart, RESCORED)[:RESCORED]
        near = near[np.argsort(-self._messages[near], kind="stable")]
        vectors = _normalised(self._codes[near])
        cosines = _dots(vectors, asked)
        best = np.argsort(-cosines, kind="stable")[:_LOOKED_AT]
        best = best[_different(vectors[best])][:limit]
        typical = _dots(self._sample, asked)
        scores: dict[int, float] = {}
        for key, cosine in zip(
            self._messages[near[best]].tolist(), cosines[best].tolist(), strict=True
        ):
            scores.setdefault(key, cosine)
        return Likeness(
            scores,
            float(typical.mean()),
            float(typical.std()),
        )

    def _make_room(self, count: int) -> None:
        size = len(self._messages)
        if count <= size:
            return
        more = max(count, 2 * size) - size
        self._messages = np.append(self._messages, np.zeros(more, np.int64))
        empty = np.zeros((more, self.dimensions), np.int8)
        self._codes = np.concatenate([self._codes, empty])
        self._signs = np.concatenate([self._signs, _no_signs(more, self.dimensions)], axis=1)

    def _sampled(self) -> Vectors:
        """Return some of the vectors, evenly spread."""
        places = np.linspace(0, self._count - 1, min(self._count, _SAMPLED)).astype(np.int64)
        return _normalised(self._codes[places])

    def _signed(self, codes: Codes) -> NDArray[np.uint64]:
        """Return the signs of vectors, without what all have in common."""
        signs = _no_signs(len(codes), self.dimensions)
        for begin in range(0, len(codes), _SAMPLED):  # as floats they take four times the memory
            part = slice(begin, begin + _SAMPLED)
            signs[:, part] = _packed(_normalised(codes[part]) - self._common)
        return signs


def _normalised(codes: Codes) -> Vectors:
    vectors: Vectors = codes.astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors /= np.where(lengths > 0, lengths, 1)
    return vectors


def _dots(vectors: Vectors, vector: Vectors) -> Vectors:
    """Return the product of each with one.

    On one processor: numpy's `@` waits for all of them, for 100 ms where they are busy.
    """
    products: Vectors = np.einsum("ij,j->i", vectors, vector)
    return products


def _different(vectors: Vectors) -> list[int]:
    """Return the places of those that say what none before them says."""
    gone = np.zeros(len(vectors), bool)
    found: list[int] = []
    for place, vector in enumerate(vectors):
        if not gone[place]:
            found.append(place)
            gone |= _dots(vectors, vector) > _THE_SAME
    return found


def _packed(vectors: Vectors) -> NDArray[np.uint64]:
    """Return the signs of vectors, 64 to a number; a column for each."""
    padded = np.zeros((len(vectors), -(-vectors.shape[1] // 64) * 64), bool)
    padded[:, : vectors.shape[1]] = vectors > 0
    return np.ascontiguousarray(np.packbits(padded, axis=1).view(np.uint64).T)


def _no_signs(rows: int, dimensions: int) -> NDArray[np.uint64]:
    return np.zeros((-(-dimensions // 64), rows), np.uint64)
