"""Where the summary of a conversation's beginning is kept, as an interface."""

from __future__ import annotations

from typing import Protocol

from ..memory.records import Summary


class Summaries(Protocol):
    """Belongs to one conversation. A failure is told as nothing."""

    async def kept(self) -> Summary | None:
        """Return what is kept of the conversation that is open; asked for when it is opened."""

    async def keep(self, text: str, follows: str, newest: int) -> bool:
        """Keep a summary of all before the message `follows`, of about the `newest` stored ones.

        Returns whether it may be told at all: not where something was forgotten since `kept`.
        """
