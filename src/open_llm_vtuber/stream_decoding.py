"""Sound that comes in bytes of any size: decoded as it comes, at whatever rate, within bounds.

MP3 is decoded by FFmpeg's decoder (PyAV), which is given bytes as they are there: libsndfile reads
files only, which it seeks in, so that a sentence would be whole before its first sample is heard.
WAV and raw PCM need no decoder. OGG and FLAC wait for their end.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
import soxr

from .audio import Pcm
from .decoding import FASTEST, SLOWEST, decoded

LONGEST_S = 600.0
"""Of one sentence."""
MAX_HEADER_BYTES = 2**16
"""Before the first sample of a WAV file."""
MAX_FILE_BYTES = 16 * 2**20
"""Of what has to be whole before it is decoded."""
LEAST_START = 4
"""How many bytes tell what a stream is."""
MAX_SOUNDLESS_BYTES = 4 * 2**20
"""Of what comes without a sample in it: a picture in a tag is no larger."""
INLINE_BYTES = 4096
"""As much is decoded in less than the time that handing it to a thread takes."""
_EMPTY: Pcm = np.zeros(0, np.float32)
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_SAMPLES = {(_PCM, 8): "u1", (_PCM, 16): "<i2", (_PCM, 32): "<i4", (_FLOAT, 32): "<f4"}
_NO_SOUND = "what was sent is no sound that can be read"


class _Decoder(Protocol):
    """What becomes of the bytes of one format."""

    def feed(self, data: bytes) -> Iterator[tuple[int, Pcm]]:
        """Yield rate and mono sound of the next bytes. Raises ValueError."""
        ...

    def end(self) -> Iterator[tuple[int, Pcm]]:
        """Yield what there is after the last bytes. Raises ValueError."""
        ...


class SoundStream:
    """One sound that comes in bytes: MP3, WAV, OGG, FLAC, or samples without a header."""

    def __init__(self, rate: int, *, raw_rate: int = 0, max_s: float = LONGEST_S) -> None:
        """`rate` is that of what comes out.

        `raw_rate` is that of 16-bit mono samples without a header, where it is such that come in.
        """
        self._rate = rate
        self._max_samples = max_s * rate
        self._samples = 0
        self._soundless = 0
        self._start = b""
        self._decoder: _Decoder | None = _Samples(raw_rate, 1, "<i2") if raw_rate else None
        self._resampler: Any = None
        self._source = 0

    def feed(self, data: bytes) -> Pcm:
        """Return the mono samples that are known with `data`. It blocks; raises ValueError."""
        if self._decoder is None:
            self._start += data
            if len(self._start) < LEAST_START:
                return _EMPTY
            self._decoder, data = _decoder(self._start), self._start
        pcm = self._put_together(self._decoder.feed(data))
        self._soundless = 0 if len(pcm) else self._soundless + len(data)
        if self._soundless > MAX_SOUNDLESS_BYTES and not isinstance(self._decoder, _Whole):
            raise ValueError(_NO_SOUND)
        return pcm

    def end(self) -> Pcm:
        """Return the last samples. It blocks; raises ValueError, also where there was no sound."""
        if self._decoder is None:
            if self._start:
                raise ValueError(_NO_SOUND)
            return _EMPTY
        last = self._put_together(self._decoder.end())
        if self._resampler is not None:
            rest: Pcm = self._resampler.resample_chunk(_EMPTY, last=True)
            last = np.concatenate([last, rest])
        return last

    def _put_together(self, parts: Iterator[tuple[int, Pcm]]) -> Pcm:
        found = [self._at_our_rate(source, pcm) for source, pcm in parts]
        self._samples += sum(map(len, found))
        if self._samples > self._max_samples:
            raise ValueError("what was sent is longer than one sentence can be")
        return found[0] if len(found) == 1 else np.concatenate([*found, _EMPTY])

    def _at_our_rate(self, source: int, pcm: Pcm) -> Pcm:
        if source == self._rate:
            return pcm
        if source != self._source:
            if not SLOWEST <= source <= FASTEST:
                raise ValueError(_NO_SOUND)
            self._source = source
            self._resampler = soxr.ResampleStream(source, self._rate, 1)
        resampled: Pcm = self._resampler.resample_chunk(pcm)
        return resampled


def _decoder(start: bytes) -> _Decoder:
    if start.startswith(b"RIFF"):
        return _Wav()
    if start.startswith((b"OggS", b"fLaC")):
        return _Whole()
    if start.startswith((b"ID3", b"\xff")):
        return _Mp3()
    raise ValueError(_NO_SOUND)


class _Samples:
    """Samples without a header; a sample may be divided between two pieces."""

    def __init__(self, rate: int, channels: int, kind: str) -> None:
        self._rate, self._channels, self._kind = rate, channels, np.dtype(kind)
        self._odd = b""

    def feed(self, data: bytes) -> Iterator[tuple[int, Pcm]]:
        data = self._odd + data
        size = self._kind.itemsize * self._channels
        whole = len(data) // size * size
        self._odd = data[whole:]
        if whole:
            yield self._rate, self._floats(np.frombuffer(data[:whole], self._kind))

    def end(self) -> Iterator[tuple[int, Pcm]]:
        return iter(())

    def _floats(self, samples: Any) -> Pcm:
        pcm: Pcm = samples.astype(np.float32)
        if self._kind.kind == "u":
            pcm = (pcm - np.float32(128)) / np.float32(128)
        elif self._kind.kind == "i":
            pcm /= np.float32(2 ** (8 * self._kind.itemsize - 1))
        if self._channels > 1:
            pcm = pcm.reshape(-1, self._channels).mean(axis=1)
        return pcm


class _Wav:
    """A RIFF file whose sizes may be wrong: who streams one does not know them yet."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._samples: _Samples | None = None
        self._left = 0

    def feed(self, data: bytes) -> Iterator[tuple[int, Pcm]]:
        if self._samples is None:
            self._head += data
            data = self._read_head()
            if self._samples is None:
                return
        data, self._left = data[: self._left], max(0, self._left - len(data))
        yield from self._samples.feed(data)

    def end(self) -> Iterator[tuple[int, Pcm]]:
        if self._samples is None:
            raise ValueError(_NO_SOUND)
        return iter(())

    def _read_head(self) -> bytes:
        """Find the samples, and return those that are there already."""
        place, shape = 12, (0, 0, 0, 0)
        while len(self._head) >= place + 8:
            name, size = struct.unpack_from("<4sI", self._head, place)
            if name == b"data":
                tag, channels, rate, bits = shape
                if (tag, bits) not in _SAMPLES or not 0 < channels <= 8:
                    raise ValueError(_NO_SOUND)
                self._samples = _Samples(rate, channels, _SAMPLES[tag, bits])
                unknown = size == 0 or size >= 2**31 - 2**16
                self._left = 2**63 if unknown else size
                return bytes(self._head[place + 8 :])
            if name == b"fmt " and len(self._head) >= place + 8 + size and size >= 16:
                tag, channels, rate, _, _, bits = struct.unpack_from(
                    "<HHIIHH", self._head, place + 8
                )
                if tag == _EXTENSIBLE and size >= 26:
                    (tag,) = struct.unpack_from("<H", self._head, place + 32)
                shape = (tag, channels, rate, bits)
            place += 8 + size + size % 2
        if len(self._head) > MAX_HEADER_BYTES:
            raise ValueError(_NO_SOUND)
        return b""


class _Mp3:
    """MP3, whose frames are found by FFmpeg's parser: they are not those of the network."""

    def __init__(self) -> None:
        import av

        self._codec: Any = av.CodecContext.create("mp3float", "r")
        self._heard = False

    def feed(self, data: bytes) -> Iterator[tuple[int, Pcm]]:
        for packet in self._codec.parse(data):
            yield from self._decode(packet)

    def end(self) -> Iterator[tuple[int, Pcm]]:
        for packet in [*self._codec.parse(b""), None]:
            yield from self._decode(packet)
        if not self._heard:
            raise ValueError(_NO_SOUND)

    def _decode(self, packet: Any) -> Iterator[tuple[int, Pcm]]:
        import av

        # The first frame of a file may hold its length and name of encoder instead of sound.
        if packet is not None and not self._heard and _is_about_it(bytes(packet)[:64]):
            return
        try:
            frames = self._codec.decode(packet)
        except av.error.InvalidDataError:  # a tag, or a frame that was cut off
            return
        for frame in frames:
            self._heard = True
            pcm: Pcm = frame.to_ndarray()
            yield frame.sample_rate, pcm[0] if len(pcm) == 1 else pcm.mean(axis=0)


def _is_about_it(start: bytes) -> bool:
    return b"Xing" in start or b"Info" in start


class _Whole:
    """What libsndfile can read only once it is whole."""

    def __init__(self) -> None:
        self._file = io.BytesIO()

    def feed(self, data: bytes) -> Iterator[tuple[int, Pcm]]:
        self._file.write(data)
        if self._file.tell() > MAX_FILE_BYTES:
            raise ValueError("what was sent is longer than one sentence can be")
        return iter(())

    def end(self) -> Iterator[tuple[int, Pcm]]:
        self._file.seek(0)
        try:
            pcm = decoded(self._file, LONGEST_S, rate=_WHOLE_RATE)
        except ValueError as error:
            raise ValueError(_NO_SOUND) from error
        yield _WHOLE_RATE, pcm


_WHOLE_RATE = 48_000
