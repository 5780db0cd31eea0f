"""Sound files from outside: whatever they hold or claim, they are read in little memory."""

from __future__ import annotations

import asyncio
import io
import struct
import subprocess
import sys
import threading
from collections.abc import Callable

import numpy as np
import pytest
import soundfile

from open_llm_vtuber.audio import MIC_RATE
from open_llm_vtuber.decoding import Decoding, TooManyFilesError, decoded, sound_blocks
from tests.support.live import PROJECT

pytestmark = pytest.mark.anyio


def recording(kind: str, rate: int = MIC_RATE, channels: int = 1, seconds: float = 1.0) -> bytes:
    tone = 0.5 * np.sin(np.arange(int(rate * seconds)) * 2 * np.pi * 440 / rate)
    file = io.BytesIO()
    soundfile.write(file, np.stack([tone] * channels, axis=1), rate, format=kind)
    return file.getvalue()


def patched(data: bytes, at: int, value: bytes) -> io.BytesIO:
    return io.BytesIO(data[:at] + value + data[at + len(value) :])


def within_memory(script: str, megabytes: int = 160) -> str:
    """Run a script that may take so much more memory than its imports did; return what it says."""
    child = subprocess.run(
        [sys.executable, "-c", _CHILD.format(megabytes=megabytes) + script],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert child.returncode == 0, child.stderr[-2000:]
    return child.stdout


_CHILD = """
import io, random, resource
import numpy as np, soundfile
from open_llm_vtuber.decoding import decoded, sound_blocks
from tests.test_decoding import recording
for kind in ("FLAC", "OGG", "MP3"):
    decoded(io.BytesIO(recording(kind, 48_000, 2)), 10)
with open("/proc/self/status") as status:
    used = next(int(line.split()[1]) for line in status if line.startswith("VmSize")) * 1024
limit = used + {megabytes} * 2**20
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
"""


@pytest.mark.parametrize("kind", ["FLAC", "OGG", "MP3"])
def test_a_small_file_of_a_long_sound_does_not_unfold_in_memory(kind: str) -> None:
    """Silence in stereo: 58 MB as samples, and more to mix them."""
    said = within_memory(
        f"""
file = io.BytesIO()
with soundfile.SoundFile(file, "w", 48_000, 2, format="{kind}") as sound:
    for _ in range(150):
        sound.write(np.zeros((48_000, 2), np.float32))
size = file.seek(0, 2)
file.seek(0)
total = most = 0
for block in sound_blocks(file, 600):
    total, most = total + len(block), max(most, len(block))
print(size, total, most)
""",
        megabytes=32,
    )
    size, total, most = map(int, said.split())
    assert size < 6 * 2**20
    assert abs(total - 150 * MIC_RATE) < MIC_RATE
    assert most < 20 * MIC_RATE


def test_damaged_files_are_read_or_refused_in_little_memory() -> None:
    said = within_memory("""
chance, good, bad = random.Random(7), 0, 0
for kind in ("WAV", "FLAC", "OGG", "MP3"):
    whole = recording(kind, 44_100, 2, 0.5)
    for _ in range(200):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(min(len(data), 120))
            data[at] = chance.choice([0, 1, 127, 128, 255, chance.randrange(256)])
        if chance.random() < 0.2:
            del data[chance.randrange(1, len(data)):]
        try:
            for block in sound_blocks(io.BytesIO(bytes(data)), 600):
                assert block.dtype == np.float32 and np.isfinite(block).all()
            good += 1
        except ValueError as error:
            assert str(error).startswith(("This is not", "The sound ", "The file ")), error
            bad += 1
print(good, bad)
""")
    assert min(map(int, said.split())) > 25


@pytest.mark.parametrize("size", [0, 2**31, 2**32 - 1])
def test_the_size_in_a_wav_header_is_not_believed(size: int) -> None:
    data = recording("WAV")
    file = patched(data, data.index(b"data") + 4, struct.pack("<I", size))
    assert len(decoded(file, 10)) == MIC_RATE


def test_a_flac_stream_whose_length_was_not_known_is_read() -> None:
    data = recording("FLAC")
    file = patched(data, 21, bytes([data[21] & 0xF0, 0, 0, 0, 0]))
    assert len(decoded(file, 10)) == MIC_RATE


@pytest.mark.parametrize("rate", [1, 100, 2**31 - 1])
def test_a_rate_that_no_sound_has_is_refused(rate: int) -> None:
    with pytest.raises(ValueError, match=f"{rate} samples a second"):
        decoded(patched(recording("WAV"), 24, struct.pack("<I", rate)), 10)


def test_hundreds_of_channels_are_refused() -> None:
    with pytest.raises(ValueError, match="1024 channels"):
        decoded(patched(recording("WAV"), 22, struct.pack("<H", 1024)), 10)


@pytest.mark.parametrize("kind", ["AIFF", "AU", "CAF", "W64"])
def test_other_formats_are_not_even_opened(kind: str) -> None:
    with pytest.raises(ValueError, match="WAV, FLAC, OGG or MP3"):
        decoded(io.BytesIO(recording(kind)), 10)


def test_the_blocks_are_the_sound_without_a_seam() -> None:
    data = recording("WAV", 44_100, 2, 20)
    blocks = list(sound_blocks(io.BytesIO(data), 60))
    assert len(blocks) > 5
    sound = np.concatenate(blocks)[:-100]
    tone = 0.5 * np.sin(np.arange(len(sound)) * 2 * np.pi * 440 / MIC_RATE)
    assert np.abs(sound - tone)[100:].max() < 0.01


class Slow(io.BytesIO):
    """A file that is read when it is let go."""

    def __init__(self, data: bytes, enter: Callable[[], None]) -> None:
        super().__init__(data)
        self._enter = enter

    def read(self, size: int | None = -1) -> bytes:
        self._enter()
        return super().read(size)


async def test_files_are_decoded_a_few_at_a_time_and_nobody_else_waits() -> None:
    gate, lock, reading = threading.Event(), threading.Lock(), set[int]()

    def enter() -> None:
        with lock:
            reading.add(threading.get_ident())
        gate.wait(30)

    decoding = Decoding(threads=2, max_files=8, timeout_s=60)

    async def read() -> int:
        file = Slow(recording("WAV"), enter)
        return sum([len(block) async for block in decoding.blocks(file, 10)])

    tasks = [asyncio.create_task(read()) for _ in range(8)]
    while len(reading) < 2:
        await asyncio.sleep(0.01)
    free = [asyncio.to_thread(threading.get_ident) for _ in range(8)]
    assert reading.isdisjoint(await asyncio.wait_for(asyncio.gather(*free), 30))
    assert len(reading) == 2
    gate.set()
    assert await asyncio.gather(*tasks) == [MIC_RATE] * 8


async def test_a_file_that_takes_too_long_is_given_up() -> None:
    decoding = Decoding(threads=1, max_files=1, timeout_s=0)
    with pytest.raises(ValueError, match="decode_timeout_s"):
        async for _ in decoding.blocks(io.BytesIO(recording("MP3")), 10):
            pass


def test_only_so_many_files_are_worked_on() -> None:
    decoding = Decoding(threads=1, max_files=2, timeout_s=1)
    with decoding.place(), decoding.place(), pytest.raises(TooManyFilesError), decoding.place():
        pass
    with decoding.place(), decoding.place():
        pass
