"""Another character takes over: it answers and hears, and the client is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from ..closing import close_each
from ..config import ConfigError
from ..history.store import HistoryStore
from ..protocol.incoming import SwitchConfig
from ..protocol.outgoing import ConfigSwitched
from .context import ServiceContext
from .extensions import Extensions
from .introduction import Introduction
from .listening.hearing import Hearing
from .loading_report import LoadingReport
from .outbox import Outbox
from .turn_queue import Turns

LOOK_S = 0.1
"""How often it is looked whether somebody still speaks who has to be heard to the end."""


class CharacterChange:
    """Belongs to one client."""

    def __init__(
        self,
        character: Callable[[str], Awaitable[ServiceContext]],
        turns: Turns,
        hearing: Hearing,
        introduction: Introduction,
        loading: LoadingReport,
        extensions: Extensions,
        outbox: Outbox,
        store: HistoryStore,
        renamed: Callable[[], None],
    ) -> None:
        """`character` makes what a file says, or raises ConfigError; `renamed` tells others."""
        self._store = store
        self._renewing = False
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
        context = await self._made(file)
        await _dismiss(await self._take_over(context, file))

    async def answer(self, message: SwitchConfig) -> None:
        """Let another character take over; only what cannot be read at all changes nothing.

        It starts as the first one did: what is missing of it is told, and the rest works. Raises
        ConfigError.
        """
        context = await self._made(message.file)
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

    def renew_soon(
        self,
        start: Callable[[Coroutine[Any, Any, None]], object],
        request: Callable[[Callable[[], Awaitable[None]]], None],
    ) -> None:
        """Renew the character once nobody says anything; `request` has it done in its order.

        One renewal at most is waiting for that.
        """
        if not self._renewing:
            self._renewing = True
            start(self._renew_when_quiet(request))

    async def _renew_when_quiet(
        self, request: Callable[[Callable[[], Awaitable[None]]], None]
    ) -> None:
        await self._turns.pause()
        while self._hearing.speaks:  # another microphone would not know how the sentence began
            await asyncio.sleep(LOOK_S)
            await self._turns.pause()
        request(self._renew)

    async def _renew(self) -> None:
        """Have the character as its files say now; the conversation goes on.

        Nothing happens where nothing of it has changed. Raises ConfigError, HistoryError and
        EngineError: then it stays as it was.
        """
        self._renewing = False  # what is written from now on is news
        try:
            context = await self._made(self._introduction.file)
        except ConfigError as error:
            if error.fault.code == "character-unknown":
                return  # it was deleted: who talks with it goes on
            raise
        before = self._turns.context
        if _is_same(context, before):
            context.close()
            return

        async def hand_over(other: ServiceContext) -> None:
            uid, conf_uid = other.memory.history.uid, other.character.conf_uid
            await other.memory.saved()
            if uid and conf_uid == context.character.conf_uid:
                context.memory.resume(uid, await self._store.messages(conf_uid, uid))
                context.memory.greeted_as(other.memory)

        try:
            before = await self._turns.renew(context, hand_over)
        except BaseException:
            context.close()
            raise
        try:
            await self._hearing.change(context)
            await self._extensions.show_partial("")
            if _seen(context) != _seen(before):
                await self._introduction.show_character()
                self._renamed()
            await self._introduction.warn()
            self._loading.begin(context)
        finally:
            await _dismiss(before)

    async def _made(self, file: str) -> ServiceContext:
        """Return the context of a character, for the person who is here. Raises ConfigError."""
        context = await self._character(file)
        context.memory.history.person = self._turns.context.memory.history.person
        return context

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


def _is_same(one: ServiceContext, other: ServiceContext) -> bool:
    """Return whether two characters are the same, with their looks and what they know of."""
    lore = one.lore.says_as(other.lore) if one.lore else other.lore is None
    return one.character == other.character and one.model_info == other.model_info and lore


def _seen(context: ServiceContext) -> tuple[object, ...]:
    """Return what a client is shown of a character."""
    character = context.character
    names = (character.conf_name, character.conf_uid)
    return (*names, character.character_name, character.human_name, context.model_info)


async def _dismiss(context: ServiceContext) -> None:
    await close_each({"the agent": context.memory.close, "its engines": context.close})
