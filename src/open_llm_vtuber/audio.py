"""PCM arrays: the types, WAV files in memory, and the loudness curve of the `audio` message."""

from __future__ import annotations

import itertools
import math
import struct
from collections import deque
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

Pcm = npt.NDArray[np.float32]
"""Mono samples, float32, in [-1, 1]. The rate travels beside it and is named where it is used."""

MIC_RATE = 16_000
"""The rate of everything that is heard, in samples per second."""

SLICE_MS = 20
"""The length of one value of the `volumes` list, in milliseconds."""


def to_pcm16(pcm: Pcm) -> npt.NDArray[np.int16]:
    """Return `pcm` as 16-bit integers; samples outside [-1, 1] are clipped."""
    return (np.clip(pcm, -1.0, 1.0) * 32767.0).astype("<i2")


def wav_bytes(pcm: Pcm, rate: int) -> bytes:
    """Return `pcm` as a complete RIFF/WAVE file: mono, 16-bit, format tag 1, `fmt ` chunk first."""
    data = to_pcm16(pcm).tobytes()
    header = struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF", 36 + len(data), b"WAVE",
        b"fmt ", 16, 1, 1, rate, rate * 2, 2, 16,
        b"data", len(data),
    )  # fmt: skip
    return header + data


class SoundBuffer:
    """Sound that grows, 16 kHz: chunks of any size take no more room than their samples.

    Positions are counted from its first sample, also when that has been forgotten.
    """

    def __init__(self, chunks: Iterable[Pcm] = ()) -> None:
        self._blocks: deque[Pcm] = deque()
        self._begin = 0
        """Where the first block begins."""
        self.samples = 0
        """Where the sound ends."""
        for chunk in chunks:
            self.append(chunk)

    def append(self, chunk: Pcm) -> None:
        """Add the next samples; they are copied."""
        while len(chunk):
            filled = (self.samples - self._begin) % MIC_RATE
            if not filled:
                self._blocks.append(np.empty(MIC_RATE, np.float32))
            taken, chunk = chunk[: MIC_RATE - filled], chunk[MIC_RATE - filled :]
            self._blocks[-1][filled : filled + len(taken)] = taken
            self.samples += len(taken)

    def slice(self, start: int, end: int | None = None) -> Pcm:
        """Return a copy of the samples from `start` to `end`, without those that are forgotten."""
        start = max(start, self._begin)
        end = self.samples if end is None else min(end, self.samples)
        if start >= end:
            return np.zeros(0, np.float32)
        first = (start - self._begin) // MIC_RATE
        last = (end - 1 - self._begin) // MIC_RATE
        origin = self._begin + first * MIC_RATE
        blocks = list(itertools.islice(self._blocks, first, last + 1))
        whole: Pcm = blocks[0] if first == last else np.concatenate(blocks)
        found: Pcm = whole[start - origin : end - origin].copy()
        return found

    def forget(self, before: int) -> None:
        """Free what comes before a position, a second at a time."""
        while self._blocks and self._begin + MIC_RATE <= before:
            self._blocks.popleft()
            self._begin += MIC_RATE


def levels_db(frames: Pcm) -> list[float]:
    """Return the level of each frame (n x samples) in dB, where 1 is the smallest 16-bit sample."""
    scale = 32768.0**2 / frames.shape[1]
    powers = (float(np.dot(frame, frame)) * scale for frame in frames)
    return [10 * math.log10(max(power, 1.0)) for power in powers]


def volumes(pcm: Pcm, rate: int) -> list[float]:
    """Return the RMS of each started 20 ms slice of `pcm`, divided by the largest of them.

    The values are in [0, 1]; silence gives zeros.
    """
    if not len(pcm):
        return []
    size = rate * SLICE_MS // 1000
    whole = len(pcm) // size * size
    squares = np.square(pcm[:whole].reshape(-1, size)).mean(axis=1)
    if whole < len(pcm):
        squares = np.append(squares, np.square(pcm[whole:]).mean())
    rms = np.sqrt(squares)
    peak = float(rms.max())
    if peak == 0.0:
        return [0.0] * len(rms)
    loudness: list[float] = np.round(rms / peak, 4).tolist()
    return loudness
