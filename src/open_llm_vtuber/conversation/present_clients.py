"""Who is here: the clients of a server, with what waits to be sent to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from .outbox import Outbox
from .session import Session


class PresentClient(Protocol):
    """One client, connected or waited for."""

    outbox: Outbox

    @property
    def session(self) -> Session | None:
        """Who is talked with, once that is known."""

    @property
    def is_connected(self) -> bool:
        """Whether it has a connection now."""


class PresentClients:
    """Belongs to one server; in the order in which they came."""

    def __init__(self) -> None:
        self._clients: dict[PresentClient, None] = {}

    def arrive(self, client: PresentClient) -> None:
        """One more is here."""
        self._clients[client] = None

    def leave(self, client: PresentClient) -> None:
        """It has gone for good."""
        self._clients.pop(client, None)

    def __iter__(self) -> Iterator[PresentClient]:
        return iter(list(self._clients))

    def __len__(self) -> int:
        return len(self._clients)
