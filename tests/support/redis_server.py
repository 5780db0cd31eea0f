"""A Redis server of Debian's in a folder, which is stopped and started as a test wants."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from tests.support.live import free_port


class RedisServer:
    """On a free port of the loopback interface. Close it."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        program = shutil.which("redis-server")
        assert program, "Redis is not installed: apt-get install redis-server"
        options = ["--save", "", "--appendonly", "no", "--bind", "127.0.0.1"]
        self._running = subprocess.Popen(
            [program, "--port", str(self.port), "--dir", str(self._folder), *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.02)
        raise AssertionError("Redis does not answer")

    def close(self) -> None:
        """Stop it, as if killed."""
        if self._running:
            self._running.kill()
            self._running.wait()
            self._running = None
