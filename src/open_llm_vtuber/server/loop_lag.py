"""How late the event loop is: what was due, and had to wait for something else to end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

EVERY_S = 0.25


async def watch_loop(observe: Callable[[float], None]) -> None:
    """Tell `observe` several times a second how late the loop was, in seconds, until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + EVERY_S
        await asyncio.sleep(EVERY_S)
        observe(max(loop.time() - due, 0.0))
