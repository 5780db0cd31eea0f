"""Notes where others find it how far a session is; what the client is told has come is noted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from ..history.errors import HistoryError
from .going_on import GoingOn
from .session import Session

SOON_S, LATER_S = 0.005, 0.05
"""How soon it is asked again whether the words of a message are known: before, it is stored
nowhere, and a crash would take it."""

PATIENCE_S = 1.0
"""How long a turn's end waits to be noted."""


class Noted(Protocol):
    """Whose session it is."""

    session: Session | None

    @property
    def received(self) -> int:
        """The number of its last message that came."""

    def confirm(self, number: int) -> None:
        """Tell it that its messages up to this one have come."""


class Journal:
    """Belongs to one client; writes one note after another, the newest only."""

    def __init__(self, client: Noted, note: Callable[[GoingOn, int], Awaitable[None]]) -> None:
        """`note` keeps a session and the number of the client's last message that is in it."""
        self._client = client
        self._note = note
        self._writing: asyncio.Task[None] | None = None
        self._is_due = False
        self._latest: tuple[GoingOn, int] | None = None

    def touch(self) -> None:
        """Something has perhaps changed."""
        self._is_due = True
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())

    async def noted(self) -> None:
        """Have noted what is stored, before the client is told that its turn is over.

        What waits behind that turn is not stored yet: then nothing is waited for.
        """
        session = self._client.session
        if session is None or session.unheard:
            return
        self.touch()
        if writing := self._writing:
            await asyncio.wait([writing], timeout=PATIENCE_S)

    def close(self) -> None:
        """The session has ended."""
        if self._writing:
            self._writing.cancel()

    async def _write(self) -> None:
        try:
            while self._is_due:
                self._is_due = False
                await self._write_once()
        finally:
            self._writing = None

    async def _write_once(self) -> None:
        session = self._client.session
        if session is None:
            return
        begun = asyncio.get_running_loop().time()
        while session.unheard:
            is_new = asyncio.get_running_loop().time() - begun < LATER_S
            await asyncio.sleep(SOON_S if is_new else LATER_S)
        number, going = self._client.received, session.going_on()
        if (going, number) == self._latest:
            return
        try:
            await session.context.memory.saved()
        except HistoryError:
            return  # as its turn says; what is not stored has not come
        await self._note(going, number)
        self._latest = (going, number)
        self._client.confirm(number)
