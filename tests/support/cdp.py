"""Chromium without Playwright, which keeps every page in sight: here one tab hides another."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import orjson
from websockets.sync.client import ClientConnection, connect

STARTS_S = 60
HOLDS_S = 60


class Tab:
    """A tab, by the Chrome DevTools Protocol."""

    def __init__(self, socket: ClientConnection, target: str) -> None:
        self.target = target
        self._socket = socket
        self._count = 0

    def call(self, method: str, **given: Any) -> dict[str, Any]:
        """Have something done, and return what came of it."""
        self._count += 1
        asked = {"id": self._count, "method": method, "params": given}
        self._socket.send(orjson.dumps(asked).decode())
        while True:
            told: dict[str, Any] = orjson.loads(self._socket.recv(HOLDS_S))
            if told.get("id") == self._count:
                assert "error" not in told, told
                result: dict[str, Any] = told["result"]
                return result

    def evaluate(self, script: str) -> Any:
        """Return what a script returns, a promise's value included."""
        done = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in done, done
        return done["result"].get("value")

    def until(self, script: str, timeout_s: float = HOLDS_S) -> Any:
        """Wait until a script returns what is true, and return that."""
        deadline = time.monotonic() + timeout_s
        while not (found := self.evaluate(script)):
            assert time.monotonic() < deadline, f"waited in vain for {script}"
            time.sleep(0.05)
        return found


class Chromium:
    """A browser with a profile of its own."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}"

    @contextmanager
    def tab(self) -> Iterator[Tab]:
        """Open an empty tab in front of the others."""
        made = httpx.put(f"{self._url}/json/new?about:blank").json()
        with connect(made["webSocketDebuggerUrl"], max_size=None, proxy=None) as socket:
            yield Tab(socket, made["id"])


@contextmanager
def chromium(program: str, folder: Path, arguments: Sequence[str]) -> Iterator[Chromium]:
    """Run one that shows nothing, with its profile in `folder`."""
    command = [program, *arguments, "--headless=new", "--remote-debugging-port=0"]
    process = subprocess.Popen(
        [*command, f"--user-data-dir={folder}", "about:blank"], stderr=subprocess.DEVNULL
    )
    told, deadline = folder / "DevToolsActivePort", time.monotonic() + STARTS_S
    try:
        while not (told.exists() and told.read_text("utf-8").strip()):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield Chromium(int(told.read_text("utf-8").splitlines()[0]))
    finally:
        process.terminate()
        try:
            process.wait(20)
        finally:
            process.kill()
