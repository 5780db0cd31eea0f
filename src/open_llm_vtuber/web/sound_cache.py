"""The files of /cache: written for one listener, removed after a while and at the end."""

from __future__ import annotations

import asyncio
import secrets
import time
from pathlib import Path

from loguru import logger

PREFIX = "tts-"
"""Only files called so were written by a server."""
LEFT_S = 24 * 3600.0
"""The age from which a file of another server is taken for one that its server left behind."""


class SoundCache:
    """Belongs to one server. Others may keep their files in the same folder."""

    def __init__(self, folder: Path, ttl_s: float) -> None:
        self._folder = folder
        self._ttl_s = ttl_s
        self._own = f"{PREFIX}{secrets.token_hex(4)}-"

    def write(self, wav: bytes) -> str:
        """Write a sound under a name that nobody can guess; return the name. It blocks."""
        name = f"{self._own}{secrets.token_urlsafe(16)}.wav"
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / name).write_bytes(wav)
        return name

    def remove(self, older_than_s: float = 0) -> None:
        """Remove the own files that are so old, and what was left behind. It blocks."""
        if not self._folder.is_dir():
            return
        now = time.time()
        for file in self._folder.glob(f"{PREFIX}*.wav"):
            own = file.name.startswith(self._own)
            limit_s = older_than_s if own else max(LEFT_S, self._ttl_s)
            try:
                if limit_s == 0 or now - file.stat().st_mtime > limit_s:
                    file.unlink(missing_ok=True)
            except FileNotFoundError:
                continue  # its own server was faster
            except OSError as error:
                logger.warning("cache/{} cannot be removed: {}", file.name, error.strerror)

    async def sweep(self) -> None:
        """Remove old files now and then, until cancelled."""
        while True:
            await asyncio.to_thread(self.remove, self._ttl_s)
            await asyncio.sleep(max(self._ttl_s / 4, 0.1))
