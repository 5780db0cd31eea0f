"""This process among the others: it says that it lives, and what of it they need to know."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Coroutine
from typing import Any

from ..closing import cancelled
from ..config import SystemConfig
from ..config.cluster import ClusterConfig
from ..conversation.going_on import GoingOn, Rights
from ..conversation.journal import Journal
from ..conversation.lasting_client import LastingClient
from . import NoClusterError
from .arrival import Known
from .directory import Directory
from .link import Dialer
from .store import Store

BEAT_S = 0.5
KEEP_EVERY = 20
"""After so many beats all that lives here is said to do so."""


class Cluster:
    """Belongs to one server; `system_config.cluster` has it."""

    def __init__(self, system: SystemConfig) -> None:
        """Raises NoClusterError."""
        config: ClusterConfig = system.cluster
        if not system.history_url.startswith("postgresql"):
            raise NoClusterError(
                "Several processes (system_config.cluster) keep their conversations in PostgreSQL: "
                "write system_config.history_url: postgresql+asyncpg://user:password@host/database"
            )
        self.secret = config.secret
        self.process = secrets.token_hex(8)
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(system.host, system.host)  # noqa: S104
        url = config.own_url or f"http://{host}:{system.port}"
        self._store = Store(config.redis_url)
        self.directory = Directory(self._store, self.process, url, system.limits.resume_grace_s)
        self.dialer = Dialer(config.secret, system.limits)
        self._clients: dict[str, LastingClient] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._beating: asyncio.Task[None] | None = None
        self._is_ending = False

    async def start(self) -> None:
        """Be there for the others."""
        await self.directory.beat()
        self._beating = asyncio.create_task(self._beat())

    def end(self) -> None:
        """This process is about to end: what others know of its sessions is for who comes back."""
        self._is_ending = True

    async def close(self) -> None:
        """Say that this process ends."""
        if self._beating:
            await cancelled([self._beating])
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self.directory.leave()
        await self._store.close()

    def arrive(self, uid: str, client: LastingClient, rights: Rights) -> Callable[[], None]:
        """Have the others know a client that has come; return what undoes that."""

        async def note(going: GoingOn, received: int) -> None:
            if not client.digest:
                return
            known = Known(
                process=self.process,
                url=self.directory.url,
                rights=rights,
                going=going,
                received=received,
            )
            await self.directory.note(client.digest, known)

        client.journal = Journal(client, note)
        self._clients[uid] = client

        def leave() -> None:
            if self._clients.get(uid) is client:
                del self._clients[uid]
                if client.digest and not self._is_ending:
                    self._start(self.directory.drop(client.digest))

        return leave

    async def _beat(self) -> None:
        count = 0
        while True:
            await asyncio.sleep(BEAT_S)
            await self.directory.beat()
            for client in list(self._clients.values()):
                if client.digest and client.journal:
                    client.journal.touch()
            count += 1
            if count % KEEP_EVERY == 0:
                digests = [one.digest for one in self._clients.values() if one.digest]
                await self.directory.keep(digests)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
