"""PCM arrays: the types, WAV files in memory, and the loudness curve of the `audio` message."""

from __future__ import annotations

import struct
from typing import BinaryIO

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


def decoded(file: BinaryIO, max_s: float) -> Pcm:
    """Return a sound file as 16 kHz mono; WAV, FLAC, OGG, MP3 and what else libsndfile reads.

    It blocks. Raises ValueError, whose text tells the sender what is wrong with it.
    """
    import soundfile
    import soxr

    try:
        with soundfile.SoundFile(file) as sound:
            rate = sound.samplerate
            if sound.frames > max_s * rate:
                raise ValueError(f"The sound is longer than {max_s:g} s; send a shorter one.")
            pcm = sound.read(dtype="float32", always_2d=True).mean(axis=1)
    except soundfile.SoundFileError:
        raise ValueError(
            "This is not a sound file that can be read; send WAV, FLAC, OGG or MP3."
        ) from None
    if not len(pcm):
        raise ValueError("The file holds no sound.")
    if not np.isfinite(pcm).all():
        raise ValueError("The file holds samples that are not numbers.")
    resampled: Pcm = soxr.resample(pcm, rate, MIC_RATE) if rate != MIC_RATE else pcm
    return resampled.astype(np.float32, copy=False)


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
