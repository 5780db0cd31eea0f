"""Another character takes over: it answers and hears, and the client is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ..closing import close_each
from ..protocol.incoming import SwitchConfig
from ..protocol.outgoing import ConfigSwitched
from .context import ServiceContext
from .extensions import Extensions
from .introduction import Introduction
from .listening.hearing import Hearing
from .loading_report import LoadingReport
from .outbox import Outbox
from .turn_queue import Turns


class CharacterChange:
    """Belongs to one connection."""

    def __init__(
        self,
        character: Callable[[str], Awaitable[ServiceContext]],
        turns: Turns,
        hearing: Hearing,
        introduction: Introduction,
        loading: LoadingReport,
        extensions: Extensions,
        outbox: Outbox,
        renamed: Callable[[], None],
    ) -> None:
        """`character` makes what a file says, or raises ConfigError; `renamed` tells others."""
        self._character = character
        self._turns = turns
        self._hearing = hearing
        self._introduction = introduction
        self._loading = loading
        self._extensions = extensions
        self._outbox = outbox
        self._renamed = renamed

    async def begin_with(self, file: str) -> None:
        """Have a certain character from the start. Raises ConfigError: then nothing has changed."""
        context = await self._character(file)
        await _dismiss(await self._take_over(context, file))

    async def answer(self, message: SwitchConfig) -> None:
        """Let another character take over; only what cannot be read at all changes nothing.

        It starts as the first one did: what is missing of it is told, and the rest works. Raises
        ConfigError.
        """
        context = await self._character(message.file)
        before = await self._take_over(context, message.file)
        try:
            await self._extensions.show_partial("")
            await self._introduction.show_character()
            switched = f"Switched to config: {context.character.conf_name}"
            done = ConfigSwitched(message=switched, request_id=message.request_id)
            await self._outbox.send(done)
            self._renamed()
            await self._introduction.warn()
            self._loading.begin(context)
            await before.memory.saved()
        finally:
            await _dismiss(before)

    async def _take_over(self, context: ServiceContext, file: str) -> ServiceContext:
        """Let a character answer and hear from now on; return the one that goes."""
        try:
            before = await self._turns.change(context)
        except BaseException:  # the client left while it waited for the turn to stop
            context.close()
            raise
        self._introduction.file = file
        try:
            await self._hearing.change(context)
        except BaseException:
            await _dismiss(before)
            raise
        return before


async def _dismiss(context: ServiceContext) -> None:
    await close_each({"the agent": context.memory.close, "its engines": context.close})
