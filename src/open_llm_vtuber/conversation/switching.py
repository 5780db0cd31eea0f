"""Another character is made ready while the present one stays."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from ..context import ServiceContext
from ..engine import EngineError
from ..protocol.outgoing import FullText, Outgoing

if TYPE_CHECKING:
    from .session import House

TELL_S = 1.0
"""How often the client is told how far the loading is."""


async def switch(
    house: House,
    filename: str,
    client_uid: str,
    tell: Callable[[Outgoing], Awaitable[None]],
    watch: Callable[[ServiceContext], None],
) -> ServiceContext:
    """Return the context of another character with all its engines loaded.

    `watch` is given it at once, to see how its engines are loaded.
    Raises ConfigError, or EngineError with the reasons of all engines that failed; then nothing is
    left of it.
    """
    context = await house.character(filename, client_uid)
    try:
        watch(context)
        told = ""
        while context.loading():
            text = house.loading_text(context)
            if text != told:
                await tell(FullText(text=text))
                told = text
            await context.wait_loaded(TELL_S)
        failures = context.failures()
    except BaseException:
        context.close()
        raise
    if failures:
        context.close()
        raise EngineError(" ".join(failures))
    return context
