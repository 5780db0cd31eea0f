"""HTTPS beside HTTP: one uvicorn with two doors, the second for other devices."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable

import uvicorn
from loguru import logger

from ..certificates import Addresses, CertificateError, Certificates, own_addresses
from .http_protocol import ServerConfig

LOOK_S = 60.0
"""How often it is looked whether this computer has another address."""


class TwoDoorServer(uvicorn.Server):
    """Serves the same application by TLS as well."""

    def __init__(
        self,
        config: ServerConfig,
        secure: list[socket.socket],
        context: ssl.SSLContext,
        follow: Callable[[ssl.SSLContext], None] | None = None,
    ) -> None:
        """`secure` are bound and do not listen yet.

        `follow` is called now and then in a thread: it gives `context` another certificate where
        this computer's addresses have changed. Raises CertificateError.
        """
        super().__init__(config)
        self._config = config
        self._secure = secure
        self._context = context
        self._follow = follow
        self._following: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open both doors."""
        await super().startup(sockets)
        loop = asyncio.get_running_loop()

        def protocol() -> asyncio.Protocol:
            made = self._config.http_protocol_class(  # type: ignore[call-arg]
                config=self._config, server_state=self.server_state, app_state=self.lifespan.state
            )
            assert isinstance(made, asyncio.Protocol)  # noqa: S101 - it is our own
            return made

        for one in self._secure:
            door = await loop.create_server(
                protocol,
                sock=one,
                ssl=self._context,
                ssl_handshake_timeout=self._config.limits.header_timeout_s,
                backlog=self._config.backlog,
            )
            self.servers.append(door)
        if self._follow:
            self._following = asyncio.create_task(self._keep_up(self._follow))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close both."""
        if self._following:
            self._following.cancel()
        await super().shutdown(sockets)

    async def _keep_up(self, follow: Callable[[ssl.SSLContext], None]) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                await asyncio.to_thread(follow, self._context)
            except CertificateError as error:
                logger.warning("the certificate stays as it is: {}", error)


class Follower:
    """Gives a context the certificate for the addresses that this computer has now."""

    def __init__(
        self,
        certificates: Certificates,
        known: Addresses,
        look: Callable[[], Addresses] = own_addresses,
    ) -> None:
        self._certificates = certificates
        self._known = known
        self._look = look

    def __call__(self, context: ssl.SSLContext) -> None:
        """Look, and change it if need be. It blocks. Raises CertificateError."""
        found = self._look()
        if found == self._known:
            return
        context.load_cert_chain(self._certificates.file(found))
        self._known = found
        reachable = [str(one) for one in self._certificates.signable(found).reachable]
        logger.info("other devices reach this computer at {} now", ", ".join(reachable) or "none")
