"""A service on loopback that does over HTTP whatever a service may do wrong, and proxies to it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Literal
from urllib.parse import urlsplit

import orjson

from tests.proxy.relay import pump

Fault = Literal["", "resets", "hangs", "malformed", "redirects", "breaks off", "falls silent"]
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class HttpServer:
    """Answers with `body`, or fails as it is told."""

    port: int = 0
    fault: Fault = ""
    status: int = 200
    body: bytes = b""
    heads: list[str] = field(default_factory=list)
    """The heads of the requests."""
    pace_s: float = 0.0
    """How long it takes between the head of an answer and its body."""
    answering: int = 0
    """Requests it is at work on, as far as it knows."""
    open: int = 0
    """Connections that are open."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        try:
            while True:
                if (first := await reader.readexactly(1)) == b"\x16":  # it greets in TLS
                    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                    await writer.drain()
                    break
                head = (first + await reader.readuntil(b"\r\n\r\n")).decode()
                self.heads.append(head)
                lines = (line.partition(":") for line in head.lower().split("\r\n"))
                size = next((int(value) for name, _, value in lines if name == "content-length"), 0)
                await reader.readexactly(size)
                self.answering += 1
                try:
                    await self._answer(reader, writer)
                finally:
                    self.answering -= 1
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.open -= 1
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.fault == "hangs":
            await reader.read(1)
        if self.fault in ("hangs", "resets"):
            raise ConnectionAbortedError
        if self.fault == "malformed":
            writer.write(b"HELLO, this is no HTTP\r\n\r\n")
            await writer.drain()
            raise ConnectionAbortedError
        status, extra, body = self.status, "", self.body
        if self.fault == "redirects":
            status, extra = 307, "Location: ?again\r\n"
        elif status >= 300:
            body = orjson.dumps({"error": {"message": f"no luck with {KEY}"}})
        whole = len(body) + (1000 if self.fault in ("breaks off", "falls silent") else 0)
        extra += f"Date: {formatdate(usegmt=True)}\r\n"
        head = f"HTTP/1.1 {status} -\r\n{extra}Content-Length: {whole}\r\n\r\n"
        writer.write(head.encode())
        if self.pace_s:
            leaving = asyncio.ensure_future(reader.read(1))
            left, _ = await asyncio.wait([leaving], timeout=self.pace_s)
            leaving.cancel()
            await asyncio.gather(leaving, return_exceptions=True)
            if left:
                raise ConnectionAbortedError
        writer.write(body)
        await writer.drain()
        if self.fault == "falls silent":
            await reader.read(1)
        if whole != len(body):
            raise ConnectionAbortedError


KEY = "sk-secret-1234567890"


@asynccontextmanager
async def http_server(tls: ssl.SSLContext | None = None) -> AsyncIterator[HttpServer]:
    server = HttpServer()
    async with listening(server.serve, tls) as server.port:
        yield server


@dataclass
class Proxy:
    """A proxy that takes every host for one port of loopback."""

    url: str = ""
    refuses: int = 0
    """The status with which it refuses, if so."""
    asked: list[str] = field(default_factory=list)
    """Its requests' first lines."""


@asynccontextmanager
async def proxy_to(port: int) -> AsyncIterator[Proxy]:
    """Run a proxy for both forms: `CONNECT host:port`, and requests with whole addresses."""
    proxy = Proxy()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:  # the asker has changed its mind
            writer.close()
            return
        first, _, rest = head.partition(b"\r\n")
        proxy.asked.append(first.decode())
        if proxy.refuses:
            writer.write(f"HTTP/1.1 {proxy.refuses} no\r\nContent-Length: 0\r\n\r\n".encode())
            await writer.drain()
            writer.close()
            return
        method, target, version = first.split(b" ")
        there, back = await asyncio.open_connection("127.0.0.1", port)
        if method == b"CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            path = urlsplit(target.decode())._replace(scheme="", netloc="").geturl().encode()
            back.write(b" ".join((method, path, version)) + b"\r\n" + rest)
        try:
            await asyncio.gather(pump(reader, back), pump(there, writer))
        finally:
            back.transport.abort()

    async with listening(serve) as proxy_port:
        proxy.url = f"http://127.0.0.1:{proxy_port}"
        yield proxy


@asynccontextmanager
async def listening(
    handler: Handler, tls: ssl.SSLContext | None = None, port: int = 0
) -> AsyncIterator[int]:
    """Have connections to a port of loopback handled, and none left at the end; return the port.

    It is `port`, or a free one.
    """
    connections: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connections.add(task)
        try:
            await handler(reader, writer)
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            connections.discard(task)

    server = await asyncio.start_server(serve, "127.0.0.1", port, ssl=tls)
    async with server:
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            for task in list(connections):
                task.cancel()
            await asyncio.gather(*connections, return_exceptions=True)
