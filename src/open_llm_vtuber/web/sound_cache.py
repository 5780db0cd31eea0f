"""The files of /cache: written for one listener, removed after a while and at the end."""

from __future__ import annotations

import asyncio
import secrets
import time
from pathlib import Path

from loguru import logger

PREFIX = "tts-"
"""Only files called so are ours to remove."""


class SoundCache:
    """Belongs to one server."""

    def __init__(self, folder: Path, ttl_s: float) -> None:
        self._folder = folder
        self._ttl_s = ttl_s

    def write(self, wav: bytes) -> str:
        """Write a sound under a name that nobody can guess; return the name. It blocks."""
        name = f"{PREFIX}{secrets.token_urlsafe(16)}.wav"
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / name).write_bytes(wav)
        return name

    def remove(self, older_than_s: float = 0) -> None:
        """Remove the files that are so old. It blocks."""
        if not self._folder.is_dir():
            return
        limit = time.time() - older_than_s
        for file in self._folder.glob(f"{PREFIX}*.wav"):
            try:
                if older_than_s == 0 or file.stat().st_mtime < limit:
                    file.unlink(missing_ok=True)
            except OSError as error:
                logger.warning("cache/{} cannot be removed: {}", file.name, error.strerror)

    async def sweep(self) -> None:
        """Remove old files now and then, until cancelled."""
        while True:
            await asyncio.to_thread(self.remove, self._ttl_s)
            await asyncio.sleep(max(self._ttl_s / 4, 0.1))
