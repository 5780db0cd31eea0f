"""Whose text is answered next: one of each client in turn; no I/O."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class TextQueue(Generic[K]):
    """Fair: a client that sends much waits behind those that send little.

    All texts together take at most `max_bytes`, and those of one client no more than is still
    free: who fills the share of one leaves as much to the others.
    """

    def __init__(self, per_client: int, max_bytes: int) -> None:
        self._per_client = per_client
        self._free_bytes = max_bytes
        self._waiting: dict[K, deque[tuple[str, int]]] = {}
        """Texts with their sizes in bytes, in the order in which the clients are next."""

    def __bool__(self) -> bool:
        """Whether a text waits."""
        return bool(self._waiting)

    def put(self, client: K, text: str) -> bool:
        """Let a text wait; False if as many or as much of this client's as may wait do so."""
        mine = self._waiting.get(client, deque())
        size = len(text.encode())
        if len(mine) >= self._per_client:
            return False
        if sum(waiting for _, waiting in mine) + size > self._free_bytes:
            return False
        mine.append((text, size))
        self._waiting[client] = mine
        self._free_bytes -= size
        return True

    def take(self) -> tuple[K, str] | None:
        """Return the next text and whose it is; None if none waits."""
        if not self._waiting:
            return None
        client = next(iter(self._waiting))
        mine = self._waiting.pop(client)
        text, size = mine.popleft()
        self._free_bytes += size
        if mine:
            self._waiting[client] = mine  # behind the others now
        return client, text

    def forget(self, client: K) -> None:
        """Drop what a client that has left still wanted to say."""
        self._free_bytes += sum(size for _, size in self._waiting.pop(client, ()))
