"""Where the Core is kept once the user has brought it: one file, replaced as a whole."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from .core_archive import NAME, CoreError, TooLargeError, core_of
from .core_download import download

__all__ = ["NAME", "CoreError", "CoreStore", "TooLargeError"]

PAGE = "https://www.live2d.com/en/sdk/download/web/"
HEADER_BYTES = 4096
VERSION = re.compile(rb"(?i)\b(?:version|core)[^\n\d]{0,20}v?(\d+(?:\.\d+){1,3})")


class CoreStore:
    """Belongs to one server; `folder` is made when there is something to put into it."""

    def __init__(self, folder: Path, url: str, *, max_bytes: int, offline: bool) -> None:
        self.path = folder / NAME
        self._folder = folder
        self._url = url
        self._max_bytes = max_bytes
        self._offline = offline
        self._writing = asyncio.Lock()

    def installed(self) -> bool:
        """Return whether the Core is here. Looks at the disk."""
        return self.path.is_file()

    def version(self) -> str | None:
        """Return the version that the head of the file names, if it does. Reads the disk."""
        try:
            with self.path.open("rb") as file:
                found = VERSION.search(file.read(HEADER_BYTES))
        except FileNotFoundError:
            return None
        return found[1].decode("ascii") if found else None

    async def fetch(self) -> None:
        """Fetch Live2D's SDK and keep the Core of it. Raises CoreError."""
        if self._offline:
            raise CoreError(f"The server runs offline. {self._by_hand()}")
        waited = self._writing.locked()
        async with self._writing:
            if waited and self.installed():  # somebody else was faster
                return
            await asyncio.to_thread(self._tidy)
            part = self._draft()
            try:
                await download(self._url, part, self._max_bytes)
                await asyncio.to_thread(self._take_from, part)
            except CoreError as error:
                raise type(error)(f"{error} {self._by_hand()}") from None
            finally:
                await asyncio.to_thread(self._drop, part)

    async def take(self, file: IO[bytes]) -> None:
        """Keep the Core that `file` is or holds. Raises CoreError."""
        async with self._writing:
            await asyncio.to_thread(self._take, file)

    def _tidy(self) -> None:
        """Make the folder; drop what a server that was killed had half fetched."""
        with _writing():
            self._folder.mkdir(parents=True, exist_ok=True)
        for part in self._folder.glob(".*.part"):
            with suppress(OSError):  # on Windows one that another server is still fetching
                part.unlink()

    def _drop(self, part: Path) -> None:
        """Delete what was fetched, and the folder if it was made for nothing."""
        part.unlink(missing_ok=True)
        with suppress(OSError):  # there is something in it
            self._folder.rmdir()

    def _take_from(self, path: Path) -> None:
        with path.open("rb") as file:
            self._take(file)

    def _take(self, file: IO[bytes]) -> None:
        script = core_of(file)
        draft = self._draft()
        with _writing():
            self._folder.mkdir(parents=True, exist_ok=True)
            try:
                draft.write_bytes(script)
                draft.replace(self.path)
            finally:
                draft.unlink(missing_ok=True)

    def _draft(self) -> Path:
        return self._folder / f".{secrets.token_hex(8)}.part"

    @staticmethod
    def _by_hand() -> str:
        return (
            f"Load the Cubism SDK for Web yourself from {PAGE} and give its .zip to this page, "
            f"or put Core/{NAME} of it into models/live2d-core."
        )


@contextmanager
def _writing() -> Iterator[None]:
    """Say what is wrong with the folder. Raises CoreError.

    On Windows a file that is being read, by a page or a scanner, can not be replaced either.
    """
    try:
        yield
    except OSError as error:
        raise CoreError(
            f"models/live2d-core cannot be written ({error.strerror}): make it writable, or try "
            "once more."
        ) from error
