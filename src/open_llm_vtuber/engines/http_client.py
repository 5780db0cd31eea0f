"""The client with which an engine asks its service over HTTP: all that fails is an EngineError."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..faults import fault
from ..http_errors import Service, error_text
from ..http_settings import HttpSettingsError, client_settings, is_address, proxy_for
from .errors import EngineError

if TYPE_CHECKING:
    import httpx

MAX_ANSWER_BYTES = 64 * 2**20
"""Of an answer that is not streamed."""
QUOTED_BYTES = 4096
"""Of what a service says where it refuses."""
_PORTS = {"http": 80, "https": 443}


def sendable(text: str, who: str) -> str:
    """Return what goes into a header. Raises EngineError, which calls it `who`, if it cannot."""
    if text.isascii() and (text.isprintable() or not text):
        return text
    raise EngineError(
        f"{who} has a character that HTTP cannot carry there: a quotation mark, a space or the end "
        "of a line may have been copied with it. Copy it once more.",
        fault("key-wrong"),
    )


class HttpClient:
    """One account of one service; connections are kept and shared by all calls."""

    def __init__(
        self,
        service: Service,
        client: Callable[..., Any],
        *,
        connect_s: float,
        silence_s: float,
        **more: Any,
    ) -> None:
        """`client` opens the client beneath: one of httpx, or of a package that brings its own.

        It is given `client_settings` and `more`. Raises EngineError where the environment names a
        proxy or certificates that are none.
        """
        if not is_address(service.url):
            key = service.address_key or "its address"
            raise EngineError(
                f"{service.who} cannot be asked: {key} must be one that begins with http:// or "
                "https://, such as https://host/v1."
            )
        for name, value in more.get("headers", {}).items():
            sendable(value, service.secret_key or f"The header {name}")
        try:
            self.service = replace(service, proxy=service.proxy or proxy_for(service.url))
            settings = client_settings(service.url, connect_s=connect_s, silence_s=silence_s)
        except HttpSettingsError as error:
            raise EngineError(str(error)) from error
        self.client: Any = client(**{**settings, **more})
        if service.secrets:
            self.client.event_hooks["request"].append(self._keep_secrets)

    @asynccontextmanager
    async def stream(self, method: str, path: str, **request: Any) -> AsyncIterator[httpx.Response]:
        """Ask, and yield the answer as soon as its headers are there; it is closed at the end.

        `path` is below the address of the service; the rest is as in `httpx.AsyncClient.stream`.
        Raises EngineError, also of what reading the answer raises.
        """
        import httpx

        answering = False
        try:
            async with self.client.stream(method, self._address(path), **request) as response:
                if response.status_code >= httpx.codes.MULTIPLE_CHOICES:
                    said = b""
                    async for chunk in response.aiter_bytes():
                        said = (said + chunk)[:QUOTED_BYTES]
                        if len(said) == QUOTED_BYTES:
                            break
                    raise EngineError(*self.service.refused(response.status_code, error_text(said)))
                answering = True
                try:
                    yield response
                finally:
                    # A connection that came about while the client was closed is in no pool of
                    # its: nobody else would end it.
                    if self.client.is_closed:
                        await response.extensions["network_stream"].aclose()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise EngineError(*self.service.failed(error, answering=answering)) from error
        except RuntimeError as error:  # what a client says once it is closed
            if answering or not self.client.is_closed:
                raise
            raise EngineError(f"{self.service.who} was closed while it was used.") from error

    async def request(self, method: str, path: str, **request: Any) -> bytes:
        """Ask, and return the whole answer. Raises EngineError."""
        answer = bytearray()
        async with self.stream(method, path, **request) as response:
            async for chunk in response.aiter_bytes():
                answer += chunk
                if len(answer) > MAX_ANSWER_BYTES:
                    raise EngineError(
                        f"{self.service.whereabouts} sent more than "
                        f"{MAX_ANSWER_BYTES / 2**20:.0f} MiB for one answer."
                    )
        return bytes(answer)

    async def close(self) -> None:
        """Close the connections."""
        await self.client.aclose()

    async def _keep_secrets(self, request: httpx.Request) -> None:
        """Take no key along to where a redirect leads, whatever the header that has it.

        Neither to another port of the same host, where somebody else may listen.
        """
        ours, asked = urlsplit(self.service.url), request.url
        there = (asked.scheme, asked.host, asked.port or _PORTS[asked.scheme])
        if there == (ours.scheme, ours.hostname, ours.port or _PORTS[ours.scheme]):
            return
        secrets = [secret.strip() for secret in self.service.secrets]
        for name, value in list(request.headers.items()):
            if any(secret and secret in value for secret in secrets):
                del request.headers[name]

    def _address(self, path: str) -> str:
        return f"{self.service.url.rstrip('/')}/{path.lstrip('/')}" if path else self.service.url
