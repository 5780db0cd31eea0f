"""Progress in the terminal: a bar per entry, or a line in the log where there is no terminal."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import NoReturn

from loguru import logger
from tqdm import tqdm

from .progress import Progress

LOG_EVERY_PERCENT = 10


class ProgressBar:
    """Give it to a WeightStore as `report`; use it as a context manager to close open bars."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._bars: dict[str, tqdm[NoReturn]] = {}
        self._logged_percent: dict[str, int] = {}

    def __call__(self, progress: Progress) -> None:
        """Show it."""
        if self._terminal:
            self._draw(progress)
        else:
            self._log(progress)

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for bar in self._bars.values():
            bar.close()
        self._bars.clear()

    def _draw(self, progress: Progress) -> None:
        bar = self._bars.get(progress.name)
        if bar is None:
            bar = self._bars[progress.name] = tqdm(
                desc=progress.name,
                total=progress.total_bytes,
                # What an earlier run left does not count as speed.
                initial=progress.done_bytes,
                unit="B",
                unit_scale=True,
                file=sys.stderr,
            )
        # The next source may have to begin again, so this can also go back.
        bar.update(progress.done_bytes - bar.n)
        if progress.finished:
            self._bars.pop(progress.name).close()

    def _log(self, progress: Progress) -> None:
        percent = int(progress.fraction * 100) // LOG_EVERY_PERCENT * LOG_EVERY_PERCENT
        if percent > self._logged_percent.get(progress.name, -1):
            self._logged_percent[progress.name] = percent
            megabytes = progress.total_bytes / 1e6
            logger.info("weights {}: {} % of {:.1f} MB", progress.name, percent, megabytes)
