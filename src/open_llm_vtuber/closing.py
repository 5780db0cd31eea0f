"""Closing several things one after another: an error of one does not leave the others open."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping

from loguru import logger

Steps = Mapping[str, Callable[[], object]]
"""What is closed, by name; what a step returns is awaited where it can be."""


async def close_each(steps: Steps) -> None:
    """Take all steps in their order; what fails is logged with the step's name."""
    for name, close in steps.items():
        try:
            closing = close()
            if inspect.isawaitable(closing):
                await closing
        except Exception:  # noqa: BLE001 - what is closed here ends, and others have to as well
            logger.exception("closing {} failed", name)
