"""Closing several things one after another: an error of one does not leave the others open."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import anyio
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


async def cancelled(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel the tasks and return when all have ended, however often this itself is cancelled.

    Nobody wants their results any more, and an error of one is only logged.
    """
    left = {task for task in tasks if not task.done()}
    again = False
    for task in left:
        task.cancel()
    with anyio.CancelScope(shield=True):
        while left:
            try:
                ended, left = await asyncio.wait(left)
            except asyncio.CancelledError:
                again = True
                left = {task for task in left if not task.done()}
                continue
            for task in ended:
                if not task.cancelled() and (error := task.exception()):
                    logger.debug("failed after it was cancelled: {!r}", error)
    if again:
        raise asyncio.CancelledError
