"""A client with the extension `resume`: counts what comes and what it says, and comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection

from tests.support.client import Client, Message, socket_to

EXTENSIONS = ["resume", "turn-ids", "speech-chunks", "error-codes"]


class Returning(Client):
    """Keeps what it has said until the server says that it came."""

    def __init__(self, url: str, socket: ClientConnection) -> None:
        super().__init__(socket)
        self.url = url
        self.token = ""
        self.received = 0
        """The number of the last frame that came."""
        self.sound: list[bytes] = []
        """The frames of speech that came."""
        self.kept: list[tuple[int, str]] = []
        """What was said and has perhaps not come, by its number."""
        self.said = 0
        self.confirms = True
        """Whether it tells what it has."""

    async def send(self, kind: str, **fields: Any) -> None:
        frame = orjson.dumps({"type": kind, **fields}).decode()
        if self.token:
            self.said += 1
            self.kept.append((self.said, frame))
        await self.socket.send(frame)

    async def receive(self, timeout_s: float = 60) -> Message:
        while True:
            frame = await asyncio.wait_for(self.socket.recv(), timeout_s)
            if self.token:
                self.received += 1
                if self.confirms and self.received % 8 == 0:
                    await self.send("received", number=self.received)
            if isinstance(frame, bytes):
                self.sound.append(frame)
                continue
            message: Message = orjson.loads(frame)
            self._note(message)
            if message["type"] == "resume-token":
                self.token = message["token"]
                await self.socket.send('{"type":"received","number":0}')
            elif message["type"] == "received":
                self.kept = [one for one in self.kept if one[0] > message["number"]]
            else:
                return message

    async def come_back(self, url: str = "", *, token: str = "", **options: Any) -> Message:
        """Connect anew and say what came last; return the answer, and send what had not come."""
        url = url or self.url
        self.socket = await socket_to(f"{url}/client-ws?hello=1&resume=1", **options)
        wish = {"type": "resume", "token": token or self.token, "received": self.received}
        await self.socket.send(orjson.dumps(wish).decode())
        answer: Message = orjson.loads(await asyncio.wait_for(self.socket.recv(), 30))
        if answer["type"] == "resumed":
            self.received = answer["sent"]
            self.kept = [one for one in self.kept if one[0] > answer["received"]]
            for _, frame in self.kept:
                await self.socket.send(frame)
        return answer

    def lose(self) -> None:
        """The network is gone: no goodbye."""
        self.socket.transport.abort()


@asynccontextmanager
async def returning(
    url: str, *, extensions: list[str] | None = None, **options: Any
) -> AsyncIterator[Returning]:
    """Connect, say hello with these extensions, and be greeted."""
    socket = await socket_to(f"{url}/client-ws?hello=1", **options)
    one = Returning(url, socket)
    try:
        await one.socket.send(
            orjson.dumps({"type": "hello", "extensions": extensions or EXTENSIONS}).decode()
        )
        await one.until_type("new-history-created")
        if "resume" in (extensions or EXTENSIONS):
            await one.beat()
        yield one
    finally:
        await one.socket.close()
