"""Sound written as a file of some format, piece by piece: each goes out as soon as it is made."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import soundfile
import soxr

from ..audio import Pcm, to_pcm16

SoundFormat = Literal["mp3", "opus", "flac", "wav", "pcm"]
PCM_RATE = 24_000
"""Of the format `pcm`, and of `opus`; other formats name the rate of the voice."""
MEDIA_TYPES: Mapping[SoundFormat, str] = {
    "mp3": "audio/mpeg",
    "opus": "audio/ogg",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "pcm": "audio/pcm",
}
_RATES = (8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
"""What MP3 can have; any other rate becomes the first."""
_UNKNOWN = 0xFFFFFFFF
"""The length of a WAV file that is not over yet."""


class Encoder(Protocol):
    """Writes one file. Its methods compute."""

    def feed(self, pcm: Pcm) -> bytes:
        """Return what can be sent once there is some more sound."""

    def end(self) -> bytes:
        """Return what is left."""


def encoder(kind: SoundFormat, rate: int) -> Encoder:
    """Return what writes sound of a rate as a file."""
    if kind == "pcm":
        return _Resampled(_Samples(), rate, PCM_RATE)
    if kind == "wav":
        return _Samples(_wav_header(rate))
    if kind == "opus":
        return _Resampled(_File(PCM_RATE, "OGG", "OPUS"), rate, PCM_RATE)
    wanted = rate if rate in _RATES else PCM_RATE
    if kind == "flac":
        return _Resampled(_File(wanted, "FLAC", "PCM_16"), rate, wanted)
    return _Resampled(_File(wanted, "MP3", "MPEG_LAYER_III"), rate, wanted)


def _wav_header(rate: int) -> bytes:
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF", _UNKNOWN, b"WAVE",
        b"fmt ", 16, 1, 1, rate, rate * 2, 2, 16,
        b"data", _UNKNOWN,
    )  # fmt: skip


@dataclass
class _Samples:
    """16-bit samples behind some header."""

    header: bytes = b""

    def feed(self, pcm: Pcm) -> bytes:
        header, self.header = self.header, b""
        return header + to_pcm16(pcm).tobytes()

    def end(self) -> bytes:
        return self.header


class _Resampled:
    """Another encoder, which wants another rate."""

    def __init__(self, inner: Encoder, rate: int, wanted: int) -> None:
        self._inner = inner
        self._resampler = soxr.ResampleStream(rate, wanted, 1) if rate != wanted else None

    def feed(self, pcm: Pcm) -> bytes:
        if self._resampler:
            pcm = self._resampler.resample_chunk(pcm)
        return self._inner.feed(pcm)

    def end(self) -> bytes:
        last = b""
        if self._resampler:
            rest = self._resampler.resample_chunk(np.zeros(0, np.float32), last=True)
            last = self._inner.feed(rest)
        return last + self._inner.end()


class _Outgoing(io.RawIOBase):
    """A file of which what was written is gone: nothing can be corrected in it."""

    def __init__(self) -> None:
        super().__init__()
        self._sent = self._at = 0
        self._waiting = bytearray()

    def write(self, data: object) -> int:
        written = bytes(data)  # type: ignore[call-overload]
        if self._at == self._sent + len(self._waiting):
            self._waiting += written
        self._at += len(written)  # what is behind is a header that left without its length
        return len(written)

    def seek(self, offset: int, whence: int = 0) -> int:
        end = self._sent + len(self._waiting)
        self._at = offset + {0: 0, 1: self._at, 2: end}[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        data = bytes(self._waiting)
        self._sent += len(data)
        self._waiting.clear()
        return data


class _File:
    """A file that libsndfile writes."""

    def __init__(self, rate: int, kind: str, subtype: str) -> None:
        self._out = _Outgoing()
        # With a constant rate MP3 needs no header that tells its length.
        options = {"bitrate_mode": "CONSTANT", "compression_level": 0.5} if kind == "MP3" else {}
        self._file = soundfile.SoundFile(
            self._out, "w", rate, 1, subtype=subtype, format=kind, **options
        )

    def feed(self, pcm: Pcm) -> bytes:
        self._file.write(np.clip(pcm, -1.0, 1.0))
        return self._out.taken()

    def end(self) -> bytes:
        self._file.close()
        return self._out.taken()
