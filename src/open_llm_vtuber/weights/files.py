"""Blocking work on big files: done in a thread, in chunks, and stopped between two of them."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Concatenate, ParamSpec, TypeVar

from .catalogue import WeightFile
from .errors import WrongFileError

P = ParamSpec("P")
T = TypeVar("T")

CHUNK_BYTES = 1 << 20


class StoppedError(Exception):
    """The work ended early because it was told to."""


async def off_loop(
    work: Callable[Concatenate[threading.Event, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run `work(stop, ...)` in a thread; cancelling sets `stop` and waits for the thread's end."""
    stop = threading.Event()
    task = asyncio.ensure_future(asyncio.to_thread(work, stop, *args, **kwargs))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.gather(task, return_exceptions=True)
        raise


def size_of(path: Path) -> int:
    """Return the file's size in bytes, 0 when there is none."""
    return path.stat().st_size if path.exists() else 0


def chunks(stop: threading.Event, file: IO[bytes]) -> Iterator[bytes]:
    """Read `file` to its end. Raises StoppedError."""
    while chunk := file.read(CHUNK_BYTES):
        if stop.is_set():
            raise StoppedError
        yield chunk


def sha256_of(stop: threading.Event, path: Path) -> str:
    """Return the file's SHA-256 in hex. Raises StoppedError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for chunk in chunks(stop, file):
            digest.update(chunk)
    return digest.hexdigest()


class GrowingFile:
    """A file under its partial name; what is appended is hashed as it is written."""

    def __init__(self, path: Path, wanted: WeightFile) -> None:
        self.path, self.wanted = path, wanted
        self.bytes = 0
        self._digest = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """SHA-256 in hex of all bytes so far."""
        return self._digest.hexdigest()

    def keep(self, stop: threading.Event, size: int) -> None:
        """Keep the first `size` bytes of what an earlier run left, and drop the rest."""
        self.bytes, self._digest = size, hashlib.sha256()
        with self.path.open("ab+") as file:
            file.truncate(size)
            file.seek(0)
            for chunk in chunks(stop, file):
                self._digest.update(chunk)

    def append(self, stop: threading.Event, source: IO[bytes]) -> None:
        """Append all of `source`. Raises StoppedError, and WrongFileError if it grows too long."""
        with self.path.open("ab") as file:
            for chunk in chunks(stop, source):
                if self.bytes + len(chunk) > self.wanted.bytes:
                    raise WrongFileError(
                        f"{self.wanted.name} is longer than the expected {self.wanted.bytes} bytes"
                    )
                file.write(chunk)
                self._digest.update(chunk)
                self.bytes += len(chunk)
