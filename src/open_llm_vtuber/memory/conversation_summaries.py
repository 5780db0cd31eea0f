"""The summary of one conversation: kept with it, until anything that may be in it is forgotten."""

from __future__ import annotations

from collections.abc import Callable

from loguru import logger

from ..history.errors import HistoryError
from ..history.store import HistoryStore
from . import summaries
from .records import Owner, Summary
from .store import MemoryStore


class ConversationSummaries:
    """Those of one client: of the conversation that is open there."""

    def __init__(
        self,
        history: HistoryStore,
        memories: MemoryStore,
        owner: Callable[[], Owner],
        history_uid: Callable[[], str | None],
    ) -> None:
        self._history = history
        self._memories = memories
        self._owner = owner
        self._history_uid = history_uid
        self._forgotten = 0
        """How often something had been forgotten when the conversation was opened."""

    async def kept(self) -> Summary | None:
        """Return what is kept of the conversation that is open."""
        owner, uid = self._owner(), self._history_uid()
        self._forgotten = self._memories.forgotten(owner)
        if uid is None:
            return None
        try:
            return await self._history.read(
                lambda connection: summaries.read(connection, owner, uid)
            )
        except HistoryError as error:
            logger.warning("what a conversation began with is not known for now: {}", error)
            return None

    async def keep(self, text: str, follows: str, newest: int) -> bool:
        """Keep a summary of all before the message `follows`, of about the `newest` stored ones.

        Returns whether nothing was forgotten since the conversation was opened; else it may hold
        that, and is not kept. It is not stored either where the conversation is not remembered, or
        has no such message.
        """
        owner, uid = self._owner(), self._history_uid()
        if self._forgotten != self._memories.forgotten(owner):
            return False
        if uid is None:
            return True
        try:
            await self._history.write(
                lambda connection: summaries.write(connection, owner, uid, text, follows, newest)
            )
        except HistoryError as error:
            logger.warning("the summary of a conversation is not stored: {}", error)
        return True
