"""Who may come back: clients by their secret tokens, and those that are waited for."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections import Counter
from typing import Protocol

from loguru import logger

from ..config import Limits


class Returning(Protocol):
    """A client that may come back."""

    async def end(self) -> None:
        """Wait for it no longer, and let go of all that it had."""


class LastingClients:
    """Belongs to one server. Tokens are told once; here is only by what they are known again."""

    def __init__(self, limits: Limits) -> None:
        self.grace_s = limits.resume_grace_s
        """How long one that is lost is waited for; 0: not at all."""
        self._most = limits.max_waiting_clients
        self._known: dict[str, Returning] = {}
        self._waiting: dict[Returning, str] = {}
        """With the addresses from which they came."""
        self._ending: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def waiting(self) -> int:
        """How many are waited for."""
        return len(self._waiting)

    @property
    def known(self) -> int:
        """How many may come back, those that have not gone among them."""
        return len(self._known)

    def issue(self, client: Returning) -> str:
        """Return a new token by which a client is known again."""
        token = secrets.token_urlsafe(32)
        self._known[digest_of(token)] = client
        return token

    def adopt(self, digest: str, client: Returning) -> None:
        """Know a client by a token that another process has issued."""
        self._known[digest] = client

    def find(self, token: str) -> Returning | None:
        """Return whose token this is.

        Looked up by its digest, which nobody can steer: so the time tells nothing of the others.
        """
        return self._known.get(digest_of(token))

    def wait_for(self, client: Returning, address: str = "") -> bool:
        """Count one that is waited for; one of the address that has the most makes room.

        Returns False where nobody is waited for any more.
        """
        if self._closed or not self.grace_s or not self._most:
            return False
        self._waiting[client] = address
        if len(self._waiting) > self._most:
            logger.debug("a client that was lost is waited for no longer: others need its place")
            self._end(self._next_to_go())
        return True

    def returned(self, client: Returning) -> None:
        """It is waited for no longer."""
        self._waiting.pop(client, None)

    def forget(self, client: Returning) -> None:
        """It has gone for good."""
        self.returned(client)
        self._known = {key: one for key, one in self._known.items() if one is not client}

    async def make_room(self) -> bool:
        """End one that is waited for, for somebody who is here; False if there is nobody."""
        if not self._waiting:
            return False
        going = self._next_to_go()
        self.returned(going)
        await going.end()
        return True

    def _next_to_go(self) -> Returning:
        """Return who was waited for longest of the address of which most are waited for.

        So nobody who connects again and again from one place has others lose theirs.
        """
        counts = Counter(self._waiting.values())
        most = max(counts.values())
        return next(one for one, address in self._waiting.items() if counts[address] == most)

    async def close(self) -> None:
        """End all that could come back: the server ends.

        One is not waited for whose connection was cut off amid coming back, and has to end too.
        """
        self._closed = True
        for client in dict.fromkeys([*self._waiting, *self._known.values()]):
            self._end(client)
        if self._ending:
            await asyncio.wait(self._ending)

    def _end(self, client: Returning) -> None:
        self.returned(client)
        task = asyncio.create_task(client.end())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)


def digest_of(token: str) -> str:
    """Return by what a token is known again."""
    return hashlib.sha256(token.encode()).hexdigest()
