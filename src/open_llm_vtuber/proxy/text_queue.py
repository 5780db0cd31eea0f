"""Whose text is answered next: one of each client in turn; no I/O."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class TextQueue(Generic[K]):
    """Fair: a client that sends much waits behind those that send little."""

    def __init__(self, per_client: int) -> None:
        self._per_client = per_client
        self._waiting: dict[K, deque[str]] = {}
        """In the order in which the clients are next."""
        self.active = False
        """Whether somebody is being answered."""

    def put(self, client: K, text: str) -> bool:
        """Let a text wait; False if as many of this client's as may wait do so already."""
        mine = self._waiting.setdefault(client, deque())
        if len(mine) >= self._per_client:
            return False
        mine.append(text)
        return True

    def take(self) -> tuple[K, str] | None:
        """Return the next text, whose answer begins with that; None if it is nobody's turn."""
        if self.active or not self._waiting:
            return None
        client = next(iter(self._waiting))
        mine = self._waiting.pop(client)
        text = mine.popleft()
        if mine:
            self._waiting[client] = mine  # behind the others now
        self.active = True
        return client, text

    def forget(self, client: K) -> None:
        """Drop what a client that has left still wanted to say."""
        self._waiting.pop(client, None)
