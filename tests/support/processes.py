"""The server as a process of its own, in any folder: started, killed, started again."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from tests.support.live import PROJECT

STARTS_S = 120


class ServerProcess:
    """`run_server.py` with the conf.yaml of a folder, on one port whatever that says. Close it."""

    def __init__(self, folder: Path, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._command = [
            *(sys.executable, "run_server.py", "--config", str(folder / "conf.yaml")),
            *("--offline", "--host", "127.0.0.1", "--port", str(port)),
        ]
        self._log = folder / "console.txt"
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until the engines are there."""
        with self._log.open("ab") as log:
            self._running = subprocess.Popen(
                self._command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=log
            )
        deadline = time.monotonic() + STARTS_S
        while not self._is_ready():
            assert self._running.poll() is None, self._log.read_text("utf-8")
            assert time.monotonic() < deadline, self._log.read_text("utf-8")
            time.sleep(0.05)

    def _is_ready(self) -> bool:
        try:
            return bool(httpx.get(f"{self.url}/health").json()["ready"])
        except httpx.TransportError:
            return False

    def kill_when(self, comes: Callable[[], bool]) -> threading.Thread:
        """Kill it as soon as something is so, at the latest after a minute.

        The thread that waits for that ends then.
        """
        deadline = time.monotonic() + 60

        def wait() -> None:
            while not comes() and time.monotonic() < deadline:
                pass
            self.close()

        thread = threading.Thread(target=wait)
        thread.start()
        return thread

    def close(self) -> None:
        """Kill it, as `kill -9` does."""
        if self._running:
            self._running.kill()
            self._running.wait()
