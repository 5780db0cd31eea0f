"""The conversations of one connection, kept as long as it is open."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Literal

from ..protocol.outgoing import HistoryMessage, HistorySummary


class SessionHistory:
    """Conversations by uid; one of them is current once `begin` was called."""

    def __init__(self, max_messages: int) -> None:
        self._max_messages = max_messages
        self._conversations: dict[str, list[HistoryMessage]] = {}
        self._current: list[HistoryMessage] | None = None

    def begin(self) -> str:
        """Begin an empty conversation and return its uid: a date, a time and a random part."""
        now = datetime.now().astimezone()
        uid = f"{now:%Y-%m-%d_%H-%M-%S}_{uuid.uuid4().hex}"
        self._conversations = {key: kept for key, kept in self._conversations.items() if kept}
        self._current = self._conversations[uid] = []
        return uid

    def add(
        self,
        role: Literal["human", "ai", "system"],
        content: str,
        name: str | None = None,
        avatar: str | None = None,
    ) -> None:
        """Append a message to the current conversation; the oldest go when it is too long."""
        if self._current is None:
            self.begin()
        assert self._current is not None  # noqa: S101 - `begin` has just set it
        now = datetime.now().astimezone().replace(tzinfo=None)
        self._current.append(
            HistoryMessage(
                role=role,
                timestamp=now.isoformat(timespec="seconds"),
                content=content,
                name=name,
                avatar=avatar,
            )
        )
        del self._current[: -self._max_messages]

    def list(self) -> list[HistorySummary]:
        """Return the conversations that hold anything, newest first."""
        filled = [(uid, kept[-1]) for uid, kept in self._conversations.items() if kept]
        return [
            HistorySummary(uid=uid, latest_message=last, timestamp=last.timestamp)
            for uid, last in reversed(filled)
        ]
