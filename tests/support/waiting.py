"""Waiting for what nobody tells of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def until(holds: Callable[[], T], timeout_s: float = 60) -> T:
    """Wait until something holds, and return what it holds. Raises TimeoutError."""

    async def wait() -> T:
        while not (found := holds()):
            await asyncio.sleep(0.02)
        return found

    return await asyncio.wait_for(wait(), timeout_s)
