"""The client with which an engine asks its service over HTTP: all that fails is an EngineError."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..faults import fault
from ..http_errors import Service, Told, error_text, helps_elsewhere
from ..http_settings import HttpSettingsError, client_settings, is_address, proxy_for
from .address_health import AddressHealth
from .addresses import Addresses
from .errors import EngineError

if TYPE_CHECKING:
    import httpx

MAX_ANSWER_BYTES = 64 * 2**20
"""Of an answer that is not streamed."""
QUOTED_BYTES = 4096
"""Of what a service says where it refuses."""
CONNECT_ELSEWHERE_S = 2.0
"""How long a connection may take to come about where another address may be asked instead."""
BUSY = 429
"""The status of somebody who is well, and takes no more for now."""
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


class NotTakenError(EngineError):
    """A request that one address has not taken, and another may."""


class HttpClient:
    """One account of one service; connections are kept and shared by all calls.

    Where the service has several addresses, a request that one does not take is made at another.
    """

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
        urls = (service.url, *service.others)
        if not all(map(is_address, urls)):
            key = service.address_key or "its address"
            raise EngineError(
                f"{service.who} cannot be asked: {key} must be one that begins with http:// or "
                "https://, such as https://host/v1."
            )
        for name, value in more.get("headers", {}).items():
            sendable(value, service.secret_key or f"The header {name}")
        try:
            self.service = replace(service, proxy=service.proxy or proxy_for(service.url))
            settings = client_settings(
                service.url,
                connect_s=min(connect_s, CONNECT_ELSEWHERE_S) if service.others else connect_s,
                silence_s=silence_s,
                others=service.others,
            )
        except HttpSettingsError as error:
            raise EngineError(str(error)) from error
        self.client: Any = client(**{**settings, **more})
        self.addresses = Addresses(urls)
        self.health = AddressHealth(service.who, self.client, self.addresses)
        if service.secrets:
            self.client.event_hooks["request"].append(self._keep_secrets)

    @asynccontextmanager
    async def stream(self, method: str, path: str, **request: Any) -> AsyncIterator[httpx.Response]:
        """Ask, and yield the answer as soon as its headers are there; it is closed at the end.

        `path` is below the address of the service; the rest is as in `httpx.AsyncClient.stream`.
        Raises EngineError, also of what reading the answer raises.
        """
        refused: NotTakenError | None = None
        for url in self.addresses.in_turn():
            async with AsyncExitStack() as stack:
                try:
                    answer = self._stream_at(url, method, path, **request)
                    response = await stack.enter_async_context(answer)
                except NotTakenError as error:
                    refused = error
                    continue
                yield response
                return
        if refused:
            raise self.told_of_all(refused)
        raise AssertionError("there is one address at least")

    def not_taken(self, url: str, problem: BaseException | int, told: Told) -> EngineError:
        """Return what a request came to at an address before anything was answered.

        It is a NotTakenError where another may take it. `problem` is an error, or a status.
        """
        if not helps_elsewhere(problem):
            return EngineError(*told)
        if problem != BUSY:
            self.health.failed(url)
        return NotTakenError(*told)

    def told_of_all(self, error: EngineError) -> EngineError:
        """Return the `error` of the address that was tried last, as a person is told of it."""
        if not self.service.others or not isinstance(error, NotTakenError):
            return error
        tried = f"{error} None of its {len(self.addresses)} addresses took the request."
        return EngineError(tried, error.fault)

    @asynccontextmanager
    async def _stream_at(
        self, url: str, method: str, path: str, **request: Any
    ) -> AsyncIterator[httpx.Response]:
        """Do so at one of the addresses. Raises NotTakenError where another may take it."""
        import httpx

        answering, service = False, self.service.at(url)
        address = _below(url, path)
        try:
            with self.addresses.asked(url):
                async with self.client.stream(method, address, **request) as response:
                    if (status := response.status_code) >= httpx.codes.MULTIPLE_CHOICES:
                        said = await _beginning(response)
                        raise self.not_taken(url, status, service.refused(status, error_text(said)))
                    answering = True
                    try:
                        yield response
                    finally:
                        # A connection that came about while the client was closed is in no pool
                        # of its: nobody else would end it.
                        if self.client.is_closed:
                            await response.extensions["network_stream"].aclose()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            told = service.failed(error, answering=answering)
            if answering:
                raise EngineError(*told) from error
            raise self.not_taken(url, error, told) from error
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
        await self.health.close()
        await self.client.aclose()

    async def _keep_secrets(self, request: httpx.Request) -> None:
        """Take no key along to where a redirect leads, whatever the header that has it.

        Neither to another port of the same host, where somebody else may listen.
        """
        asked = request.url
        there = (asked.scheme, asked.host, asked.port or _PORTS[asked.scheme])
        if there in map(_origin, (self.service.url, *self.service.others)):
            return
        secrets = [secret.strip() for secret in self.service.secrets]
        for name, value in list(request.headers.items()):
            if any(secret and secret in value for secret in secrets):
                del request.headers[name]


def _below(url: str, path: str) -> str:
    return f"{url.rstrip('/')}/{path.lstrip('/')}" if path else url


def _origin(url: str) -> tuple[str, str | None, int]:
    parts = urlsplit(url)
    return (parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme])


async def _beginning(response: httpx.Response) -> bytes:
    """Return what of a refusal is quoted."""
    said = b""
    async for chunk in response.aiter_bytes():
        said = (said + chunk)[:QUOTED_BYTES]
        if len(said) == QUOTED_BYTES:
            break
    return said
