"""Whether what a process uses stays as it is: samples of it, and the slope of each over time."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bench.inside import newest

BLOCKS = 12
"""Neighbouring samples are alike; the means of so many spans of time are as good as independent."""
T_975 = 2.228
"""Student's t for a confidence of 95 % with BLOCKS - 2 degrees of freedom."""


@dataclass(frozen=True)
class Slope:
    """How something grows."""

    name: str
    mean: float
    per_minute: float
    error: float
    """Half of the interval in which the slope lies with a confidence of 95 %."""
    bound: float
    """So much a minute is still called flat."""

    @property
    def grows(self) -> bool:
        """Whether it is above the noise, and above the bound."""
        return self.per_minute - self.error > 0 and self.per_minute > self.bound

    def line(self) -> str:
        """Return it as a row of a table."""
        verdict = "GROWS" if self.grows else "flat"
        return (
            f"{self.name:9} mean {self.mean:10.1f}   slope {self.per_minute:+9.3f} "
            f"± {self.error:7.3f} a minute   (bound {self.bound:g})   {verdict}"
        )


def slope(name: str, at_s: Sequence[float], values: Sequence[float], bound: float) -> Slope:
    """Return the slope of the means of BLOCKS spans, by least squares.

    Raises ValueError where there are less than two values for each.
    """
    if len(values) < 2 * BLOCKS:
        raise ValueError(f"{len(values)} values of {name} are too few for a slope")
    minutes = np.array([part.mean() for part in np.array_split(np.array(at_s) / 60, BLOCKS)])
    means = np.array([part.mean() for part in np.array_split(np.array(values, float), BLOCKS)])
    centred = minutes - minutes.mean()
    spread = float(centred @ centred)
    per_minute = float(centred @ means) / spread
    left = means - means.mean() - per_minute * centred
    error = T_975 * math.sqrt(float(left @ left) / (BLOCKS - 2) / spread)
    return Slope(name, float(means.mean()), per_minute, error, bound)


@dataclass(frozen=True)
class Sample:
    """What a process used at one time."""

    at_s: float
    rss_mib: float
    uss_mib: float
    """Of that what no other process shares."""
    files: float
    threads: float
    tasks: float


def sample(pid: int, counted: Path) -> Sample:
    """Look at a process, whose tasks CountingASR writes into a file."""
    folder = Path(f"/proc/{pid}")
    rollup = _fields(folder / "smaps_rollup")
    inside = newest(counted)
    return Sample(
        time.monotonic(),
        rollup["Rss"] / 1024,
        (rollup["Private_Clean"] + rollup["Private_Dirty"]) / 1024,
        float(sum(1 for _ in (folder / "fd").iterdir())),
        float(_fields(folder / "status")["Threads"]),
        float(sum(inside.names.values())) if inside else 0.0,
    )


def _fields(file: Path) -> Counter[str]:
    found: Counter[str] = Counter()
    for line in file.read_text("ascii").splitlines():
        name, _, rest = line.partition(":")
        words = rest.split()
        if words and words[0].isdigit():
            found[name] = int(words[0])
    return found


@dataclass
class Watch:
    """Samples of one process for as long as it runs."""

    pid: int
    counted: Path
    every_s: float
    samples: list[Sample] = field(default_factory=list)

    async def run(self) -> None:
        """Sample until cancelled."""
        while True:
            self.samples.append(await asyncio.to_thread(sample, self.pid, self.counted))
            await asyncio.sleep(self.every_s)

    def slopes(self, since_s: float, bounds: Mapping[str, float]) -> list[Slope]:
        """Return how each of what `bounds` name has grown, from a time on."""
        kept = [one for one in self.samples if one.at_s >= since_s]
        at_s = [one.at_s for one in kept]
        return [
            slope(name, at_s, [getattr(one, name) for one in kept], bound)
            for name, bound in bounds.items()
        ]
