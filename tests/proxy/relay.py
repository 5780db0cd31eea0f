"""A TCP relay whose connections can be cut, or are slow: a network that fails."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

CHUNK = 65536


class Relay:
    """Passes bytes on to a port of this computer.

    What comes back from there takes `pace_s` for each 64 KiB, and hardly more is on the way.
    """

    def __init__(self, target: int, pace_s: float = 0.0) -> None:
        self._target = target
        self._pace_s = pace_s
        self._writers: set[asyncio.StreamWriter] = set()
        self.connections = 0
        self.port = 0

    def cut(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await self._connect()
        self.connections += 1
        self._writers |= {writer, back}
        try:
            await asyncio.gather(pump(reader, back), pump(there, writer, self._pace_s))
        finally:
            self._writers -= {writer, back}

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        connection = socket.socket()
        connection.setblocking(False)
        if self._pace_s:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, CHUNK)
        await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", self._target))
        return await asyncio.open_connection(sock=connection, limit=CHUNK)


async def pump(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pace_s: float = 0.0
) -> None:
    try:
        while data := await reader.read(CHUNK):
            if pace_s:
                await asyncio.sleep(pace_s * len(data) / CHUNK)
            writer.write(data)
            await writer.drain()
    except OSError:
        pass  # it was cut: what this is for
    writer.transport.abort()


@asynccontextmanager
async def relay_to(port: int, *, pace_s: float = 0.0) -> AsyncIterator[Relay]:
    relay = Relay(port, pace_s)
    server = await asyncio.start_server(relay.accept, "127.0.0.1", 0)
    relay.port = server.sockets[0].getsockname()[1]
    async with server:
        yield relay
        relay.cut()
