"""A language model that answers at once, and notes how late the server's event loop is meanwhile.

Chosen in a conf.yaml as `bench.loop_watch:WatchingLLM`; its `file` gets a line for each time that
the loop came late by more than a millisecond, or the garbage collector took as long.
"""

from __future__ import annotations

import asyncio
import gc
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from open_llm_vtuber.engines.base import Resources
from tests.support.engines import EchoConfig, EchoLLM

EVERY_S = 0.005
LEAST_S = 0.001


class WatchingConfig(EchoConfig):
    """Keys of the section `watching_llm`."""

    file: str = ""


class WatchingLLM(EchoLLM):
    """Watches the loop for as long as the server runs."""

    name: ClassVar[str] = "watching_llm"
    Config: ClassVar[type[EchoConfig]] = WatchingConfig
    config: WatchingConfig

    async def load(self, resources: Resources) -> None:
        """Begin to watch."""
        await super().load(resources)
        self._lines: list[str] = []
        self._collects_since = 0.0
        gc.callbacks.append(self._collects)
        self._watching = [asyncio.create_task(self._watch()), asyncio.create_task(self._write())]

    async def close(self) -> None:
        """Watch no longer."""
        for task in self._watching:
            task.cancel()
        gc.callbacks.remove(self._collects)
        await super().close()

    async def _watch(self) -> None:
        while True:
            due = time.perf_counter() + EVERY_S
            await asyncio.sleep(EVERY_S)
            self._note("loop", time.perf_counter() - due)

    def _collects(self, phase: str, info: dict[str, Any]) -> None:
        if phase == "start":
            self._collects_since = time.perf_counter()
        else:
            took_s = time.perf_counter() - self._collects_since
            self._note(f"gc{info['generation']}", took_s)

    def _note(self, what: str, late_s: float) -> None:
        if late_s > LEAST_S:
            self._lines.append(f"{what} {time.perf_counter():.4f} {late_s * 1000:.3f}\n")

    async def _write(self) -> None:
        while True:
            await asyncio.sleep(0.2)
            lines, self._lines = self._lines, []
            await asyncio.to_thread(_append, Path(self.config.file), lines)


def _append(file: Path, lines: list[str]) -> None:
    with file.open("a", encoding="utf-8") as opened:
        opened.writelines(lines)


@dataclass(frozen=True)
class Late:
    """What was noted."""

    what: str
    """`loop`, or `gc` and the generation."""
    at_s: float
    """On the clock of time.perf_counter(), which all processes share on Linux."""
    ms: float


def noted(file: Path, since_s: float, until_s: float) -> list[Late]:
    """Return what was noted in a span of time."""
    lines = (line.split() for line in file.read_text("utf-8").splitlines())
    found = [Late(what, float(at), float(late)) for what, at, late in lines]
    return [one for one in found if since_s <= one.at_s <= until_s]
