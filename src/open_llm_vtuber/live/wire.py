"""Sockets and HTTP of the platforms, by the settings of everybody here; all that fails is told."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import anyio
import httpx
import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from ..http_errors import Service
from ..http_settings import HttpSettingsError, client_settings, proxy_for
from .source import LiveError

MAX_BYTES = 4 * 2**20
"""Of a message or an answer; a page of a chat has some hundred KiB."""
MOST_AT_ONCE = 50
"""Parts of one frame that are read before others have their turn: about a millisecond's."""
Parameters = Mapping[str, str | int]
T = TypeVar("T")


@asynccontextmanager
async def open_socket(
    service: Service, headers: Mapping[str, str] | None = None
) -> AsyncIterator[ClientConnection]:
    """Connect to a WebSocket. Raises LiveError, also of what reading and writing raise."""
    try:
        proxy = await asyncio.to_thread(proxy_for, service.url)
        trusted = await asyncio.to_thread(_certificates, service.url)
    except HttpSettingsError as error:
        raise LiveError(str(error)) from error
    try:
        async with connect(
            service.url,
            proxy=proxy or None,
            ssl=trusted,
            max_size=MAX_BYTES,
            ping_interval=None,  # not all of them answer; `frames` notices who is silent
            additional_headers=headers,
        ) as socket:
            yield socket
    except (OSError, WebSocketException, EOFError) as error:
        raise LiveError(service.failed(error).text) from error


async def frames(
    socket: ClientConnection, service: Service, silence_s: float
) -> AsyncIterator[str | bytes]:
    """Yield what comes. Raises LiveError when nothing does for so long, or the connection ends."""
    while True:
        try:
            with anyio.fail_after(silence_s):
                frame = await socket.recv()
        except TimeoutError:
            raise LiveError(f"{service.whereabouts} is silent.") from None
        except ConnectionClosed:
            raise LiveError(f"{service.whereabouts} has ended the connection.") from None
        yield frame


async def a_few_at_once(parts: Iterable[T]) -> AsyncIterator[T]:
    """Yield the parts of a frame, which may have tens of thousands; others have their turn."""
    for number, part in enumerate(parts, 1):
        yield part
        if number % MOST_AT_ONCE == 0:
            await asyncio.sleep(0)
    await asyncio.sleep(0)


def _certificates(url: str) -> ssl.SSLContext | None:
    return client_settings(url)["verify"] if url.startswith("wss:") else None


class JsonClient:
    """Asks a service that answers in JSON."""

    def __init__(self, service: Service, headers: Mapping[str, str]) -> None:
        """Raises LiveError where the environment names a proxy or certificates that are none."""
        self._service = service
        try:
            settings: Any = client_settings(service.url, follow_redirects=False)
        except HttpSettingsError as error:
            raise LiveError(str(error)) from error
        self._client = httpx.AsyncClient(**settings, headers=headers)

    async def get(self, path: str, parameters: Parameters) -> tuple[int, Any]:
        """Return status and answer, None for what is no JSON. Raises LiveError."""
        url = f"{self._service.url.rstrip('/')}{path}"
        answer = bytearray()
        try:
            async with self._client.stream("GET", url, params=dict(parameters)) as response:
                async for chunk in response.aiter_bytes():
                    answer += chunk
                    if len(answer) > MAX_BYTES:
                        raise LiveError(f"{self._service.whereabouts} sent far too much.")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise LiveError(self._service.failed(error).text) from error
        try:
            return response.status_code, orjson.loads(answer)
        except orjson.JSONDecodeError:
            return response.status_code, None

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def at(value: Any, *path: str | int) -> Any:
    """Return what stands in the lists and objects of some JSON, None where there is nothing."""
    for key in path:
        try:
            value = value[key]
        except (LookupError, TypeError):
            return None
    return value


def text_at(value: Any, *path: str | int) -> str:
    """Return the text that stands there, "" where there is none."""
    found = at(value, *path)
    return found if isinstance(found, str) else ""


def number_at(value: Any, *path: str | int) -> float:
    """Return the number that stands there, 0 where there is none."""
    found = at(value, *path)
    return float(found) if isinstance(found, int | float) else 0.0
