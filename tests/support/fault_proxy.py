"""A TCP proxy that does to what passes it what networks and broken services do."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

CHUNK = 16_384
AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER: what is closed is reset."""

Ending = Literal["", "cut", "reset", "silence", "garbage"]
"""How a connection ends: with FIN, with RST, never (everything is swallowed), in random bytes."""


@dataclass(frozen=True)
class Fault:
    """What is done in one direction of all connections. Nothing, unless it is said."""

    delay_s: float = 0.0
    """Before each piece that passes."""
    jitter_s: float = 0.0
    """Up to so much more, drawn anew each time."""
    pace_s: float = 0.0
    """So long each KiB takes: who receives it is slow."""
    after: int = 0
    """So many bytes pass before it ends..."""
    ending: Ending = ""
    """...like this."""


FINE = Fault()


class _Way:
    """One direction of one connection."""

    def __init__(self, seed: int) -> None:
        self.passed = 0
        self.random = random.Random(seed)


class FaultProxy:
    """Passes the bytes of any number of connections on to one port of this computer."""

    def __init__(self, host: str, target: int, seed: int = 7) -> None:
        self._host = host
        self._target = target
        self._random = random.Random(seed)
        self._open: set[asyncio.StreamWriter] = set()
        self.to_server = FINE
        """What is done to what clients send; it holds at once, also for what is open."""
        self.to_client = FINE
        self.swallows = False
        """Whether nothing passes either way, and nobody is told: half-open connections."""
        self.swallowed_bytes = 0
        self.refuses = False
        """Whether those that come are reset at once."""
        self.port = 0
        self.connections = 0
        """How many have come so far."""

    @property
    def open(self) -> int:
        """How many ends of connections are open, two for each connection."""
        return len(self._open)

    def of(self, url: str) -> str:
        """Return a URL by way of this proxy."""
        parts = urlsplit(url)
        user, at, _ = parts.netloc.rpartition("@")
        return urlunsplit(parts._replace(netloc=f"{user}{at}127.0.0.1:{self.port}"))

    def cut(self, *, reset: bool = False) -> None:
        """End all that is open, and those that swallow as well."""
        for writer in list(self._open):
            _end(writer, reset=reset)

    def mend(self) -> None:
        """Let what comes from now on pass as it is."""
        self.to_server = self.to_client = FINE
        self.swallows = self.refuses = False

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        self.connections += 1
        if self.refuses:
            _end(writer, reset=True)
            return
        try:
            there, back = await asyncio.open_connection(self._host, self._target)
        except OSError:
            _end(writer, reset=True)
            return
        ends = {writer, back}
        self._open |= ends
        try:
            await asyncio.gather(
                self._pass(reader, back, writer, to_client=False),
                self._pass(there, writer, back, to_client=True),
            )
        finally:
            for end in ends:
                _end(end)
            self._open -= ends

    async def _pass(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        other: asyncio.StreamWriter,
        *,
        to_client: bool,
    ) -> None:
        way = _Way(self._random.getrandbits(32))
        try:
            while data := await reader.read(CHUNK):
                fault = self.to_client if to_client else self.to_server
                if self.swallows or (fault.ending == "silence" and way.passed >= fault.after):
                    self.swallowed_bytes += len(data)
                    continue
                await asyncio.sleep(fault.delay_s + way.random.random() * fault.jitter_s)
                left = fault.after - way.passed if fault.ending else len(data)
                passing = data[: max(left, 0)]
                await self._write(passing, writer, fault)
                way.passed += len(passing)
                if len(passing) == len(data):
                    continue
                if fault.ending == "garbage":
                    writer.write(way.random.randbytes(len(data) - len(passing)))
                    await writer.drain()
                elif fault.ending != "silence":
                    _end(writer, reset=fault.ending == "reset")
                    _end(other, reset=fault.ending == "reset")
                    return
            if not self.swallows:
                _end(writer)
        except OSError:
            _end(writer)
            _end(other)

    async def _write(self, data: bytes, writer: asyncio.StreamWriter, fault: Fault) -> None:
        step = 1024 if fault.pace_s else max(len(data), 1)
        for start in range(0, len(data), step):
            if fault.pace_s:
                await asyncio.sleep(fault.pace_s)
            writer.write(data[start : start + step])
            await writer.drain()


def _end(writer: asyncio.StreamWriter, *, reset: bool = False) -> None:
    connection = writer.get_extra_info("socket")
    if reset and connection is not None and not writer.transport.is_closing():
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        writer.transport.abort()
    else:
        writer.close()


@asynccontextmanager
async def fault_proxy(url: str) -> AsyncIterator[FaultProxy]:
    """Run a proxy before the host and port of a URL."""
    parts = urlsplit(url)
    assert parts.hostname, url
    assert parts.port, url
    proxy = FaultProxy(parts.hostname, parts.port)
    server = await asyncio.start_server(proxy.accept, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        proxy.cut(reset=True)
