"""Another character is made ready while the present one stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..context import ServiceContext
from ..engine import EngineError
from .loading import Tell, tell_loading

if TYPE_CHECKING:
    from .session import House


async def switch(
    house: House,
    filename: str,
    client_uid: str,
    tell: Tell,
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
        await tell_loading(context, house, tell)
        failures = context.failures()
    except BaseException:
        context.close()
        raise
    if failures:
        context.close()
        raise EngineError(" ".join(failures))
    return context
