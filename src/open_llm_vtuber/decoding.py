"""Sound files from outside: read a block at a time and within bounds, whatever a header claims."""

from __future__ import annotations

import struct
import time
from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import BinaryIO

import anyio
import numpy as np
import soundfile
import soxr
from anyio.to_thread import run_sync

from .audio import MIC_RATE, Pcm

SLOWEST, FASTEST = 4_000, 384_000
"""Rates that are taken, in samples per second."""
MAX_CHANNELS = 32
BLOCK_SAMPLES = 2**18
"""What is decoded at once, all channels together: 1 MiB."""
STARTS = (b"RIFF", b"RIFX", b"RF64", b"fLaC", b"OggS", b"ID3", b"\xff")
"""How the files begin that are looked at: WAV, FLAC, OGG and MP3."""
UNKNOWN = 2**63 - 1
"""How long libsndfile says a stream is that does not say so itself."""
MAX_CHUNKS = 256
"""How many chunks of a WAV file are skipped in search of its sound."""


class TooManyFilesError(Exception):
    """As many files as may be are being worked on."""


class Decoding:
    """The threads that decode what is uploaded; they are few, and nothing else waits for them."""

    def __init__(self, threads: int, max_files: int, timeout_s: float) -> None:
        """`timeout_s` is how much computing one file may take."""
        self._threads = anyio.CapacityLimiter(threads)
        self.files = 0
        """How many are being worked on."""
        self._max_files = max_files
        self._timeout_s = timeout_s

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold room for one file. Raises TooManyFilesError."""
        if self.files >= self._max_files:
            raise TooManyFilesError
        self.files += 1
        try:
            yield
        finally:
            self.files -= 1

    async def blocks(self, file: BinaryIO, max_s: float) -> AsyncGenerator[Pcm, None]:
        """Yield the sound of a file as 16 kHz mono. Raises ValueError, as `sound_blocks` does."""
        left_s = self._timeout_s
        with closing(sound_blocks(file, max_s)) as blocks:
            while True:
                block, took_s = await run_sync(partial(_next, blocks), limiter=self._threads)
                left_s -= took_s
                if block is None:
                    return
                if left_s < 0:
                    raise ValueError(
                        "Decoding the file takes too long (system_config.limits.decode_timeout_s); "
                        "send it at a lower rate."
                    )
                yield block


def _next(blocks: Generator[Pcm, None, None]) -> tuple[Pcm | None, float]:
    """Return the next block, None after the last, and the seconds of computing it took."""
    started = time.thread_time()
    block = next(blocks, None)
    return block, time.thread_time() - started


def decoded(file: BinaryIO, max_s: float, rate: int = MIC_RATE) -> Pcm:
    """Return the whole sound of a file as mono at `rate`. It blocks; raises ValueError."""
    return np.concatenate(list(sound_blocks(file, max_s, rate)))


def sound_blocks(file: BinaryIO, max_s: float, rate: int = MIC_RATE) -> Generator[Pcm, None, None]:
    """Yield the sound of a WAV, FLAC, OGG or MP3 file as mono at `rate`.

    It blocks. Raises ValueError, whose text tells the sender what is wrong with it, also after some
    blocks.
    """
    start = file.read(4)
    file.seek(0)
    try:
        if not start.startswith(STARTS):
            raise ValueError(_UNREADABLE)
        if start == b"RIFF":
            _correct_size(file)
        with _Stream(file) as sound:
            yield from _mono(sound, max_s, rate)
    except soundfile.SoundFileError:
        raise ValueError(_UNREADABLE) from None


_UNREADABLE = "This is not a sound file that can be read; send WAV, FLAC, OGG or MP3."


class _Stream(soundfile.SoundFile):  # type: ignore[misc]
    """A file that is read from its beginning to its end, however long it says it is."""

    def seekable(self) -> bool:
        """Never: soundfile would ask where it is after each read, and believe the answer."""
        return False


def _mono(sound: _Stream, max_s: float, rate: int) -> Generator[Pcm, None, None]:
    source, channels = sound.samplerate, sound.channels
    if not SLOWEST <= source <= FASTEST:
        raise ValueError(
            f"The sound has {source} samples a second; between {SLOWEST} and {FASTEST} are taken."
        )
    if channels > MAX_CHANNELS:
        raise ValueError(f"The sound has {channels} channels; at most {MAX_CHANNELS} are taken.")
    too_long = f"The sound is longer than {max_s:g} s; send a shorter one."
    if max_s * source < sound.frames < UNKNOWN:
        raise ValueError(too_long)
    resampler = soxr.ResampleStream(source, rate, 1) if source != rate else None
    block = np.empty((BLOCK_SAMPLES // channels, channels), np.float32)
    total, last = 0, False
    while not last:
        count = sound.buffer_read_into(block, "float32")
        total += count
        last = count < len(block)
        if total > max_s * source:
            raise ValueError(too_long)
        if not total:
            raise ValueError("The file holds no sound.")
        pcm: Pcm = block[:count].mean(axis=1)
        if not np.isfinite(pcm).all():
            raise ValueError("The file holds samples that are not numbers.")
        yield resampler.resample_chunk(pcm, last) if resampler else pcm


def _correct_size(file: BinaryIO) -> None:
    """Write the size of its sound into the header of a WAV file that says there is none.

    Programs that write to a pipe cannot go back to put it there. The file is left at its beginning.
    """
    end = file.seek(0, 2)
    place = 12
    for _ in range(MAX_CHUNKS):
        file.seek(place)
        head = file.read(8)
        if len(head) < 8:
            break
        name, size = struct.unpack("<4sI", head)
        if name == b"data":
            if size == 0 and end > place + 8:
                file.seek(place + 4)
                file.write(struct.pack("<I", min(end - place - 8, 2**32 - 1)))
            break
        place += 8 + size + size % 2
    file.seek(0)
