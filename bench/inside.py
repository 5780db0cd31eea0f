"""Ears that also tell from inside a server how many tasks it has: chosen in a conf.yaml.

`bench.inside:CountingASR` writes a line into its `file` each second: the time, how many tasks its
event loop has, and how many by name. What was said it writes down as loudly as LoudnessASR.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import orjson

from open_llm_vtuber.engines.base import EngineConfig, Resources
from tests.support.engines import LoudnessASR

EVERY_S = 1.0


class CountingConfig(EngineConfig):
    """Keys of the section `counting_asr`."""

    file: str = ""


class CountingASR(LoudnessASR):
    """Counts for as long as the server runs."""

    name: ClassVar[str] = "counting_asr"
    Config: ClassVar[type[EngineConfig]] = CountingConfig
    config: CountingConfig

    async def load(self, resources: Resources) -> None:
        """Begin to count."""
        await super().load(resources)
        self._counting = asyncio.create_task(self._count())

    async def close(self) -> None:
        """Count no longer."""
        self._counting.cancel()
        await super().close()

    async def _count(self) -> None:
        file = Path(self.config.file)
        while True:
            names = Counter(task.get_coro().__qualname__ for task in asyncio.all_tasks())  # type: ignore[union-attr]
            line = orjson.dumps({"at_s": time.monotonic(), "names": names}) + b"\n"
            await asyncio.to_thread(_append, file, line)
            await asyncio.sleep(EVERY_S)


def _append(file: Path, line: bytes) -> None:
    with file.open("ab") as opened:
        opened.write(line)


@dataclass(frozen=True)
class Inside:
    """What was counted at one time."""

    at_s: float
    """On the clock of time.monotonic(), which all processes share on Linux."""
    names: Counter[str]
    """How many tasks run, by the name of what they run."""


def newest(file: Path) -> Inside | None:
    """Return what was counted last, if anything was."""
    lines = file.read_bytes().splitlines() if file.exists() else []
    if not lines:
        return None
    found = orjson.loads(lines[-1])
    return Inside(found["at_s"], Counter(found["names"]))
