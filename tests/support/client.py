"""A client of /client-ws that behaves as the official web client does, for any URL."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
import orjson
import soundfile
from websockets.asyncio.client import ClientConnection, connect

from open_llm_vtuber.audio import MIC_RATE, Pcm

Message = dict[str, Any]
CHUNK = 4096
"""Samples per `mic-audio-data`, as the official client cuts them."""


class Client:
    """Plays what it is sent in no time, and says so."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.uid = ""

    async def send(self, kind: str, **fields: Any) -> None:
        await self.socket.send(orjson.dumps({"type": kind, **fields}).decode())

    async def receive(self, timeout_s: float = 60) -> Message:
        frame = await asyncio.wait_for(self.socket.recv(), timeout_s)
        message: Message = orjson.loads(frame)
        return message

    async def until(
        self, stop: Callable[[Message], bool], *, timeout_s: float = 60, play: bool = True
    ) -> list[Message]:
        """Return the messages up to and including the first for which `stop` holds."""
        messages = []
        while True:
            message = await self.receive(timeout_s)
            messages.append(message)
            if play and message["type"] == "backend-synth-complete":
                await self.send("frontend-playback-complete")
            if stop(message):
                return messages

    async def until_type(self, kind: str, *, timeout_s: float = 60) -> list[Message]:
        return await self.until(lambda message: message["type"] == kind, timeout_s=timeout_s)

    async def turn(self, *, timeout_s: float = 60) -> list[Message]:
        """Return the messages of one whole turn, without what came before it."""
        messages = await self.until(is_chain_end, timeout_s=timeout_s)
        starts = [index for index, message in enumerate(messages) if is_chain_start(message)]
        return messages[starts[0] :]

    async def say(self, text: str, **fields: Any) -> list[Message]:
        """Type `text` and return the turn."""
        await self.send("text-input", text=text, images=[], **fields)
        return await self.turn()

    async def record(self, pcm: Pcm) -> None:
        """Send an utterance as the official client does: in chunks, then the end."""
        for start in range(0, len(pcm), CHUNK):
            chunk = [round(float(sample), 6) for sample in pcm[start : start + CHUNK]]
            await self.send("mic-audio-data", audio=chunk)
        await self.send("mic-audio-end", images=[])

    async def open(self) -> list[Message]:
        """Send what every client sends on open; return the greeting and the answers."""
        for kind in ("fetch-backgrounds", "fetch-configs", "fetch-history-list"):
            await self.send(kind)
        await self.send("create-new-history")
        messages = await self.until_type("new-history-created")
        self.uid = next(m["client_uid"] for m in messages if m["type"] == "set-model-and-conf")
        return messages


@asynccontextmanager
async def client(url: str, *, opened: bool = True) -> AsyncIterator[Client]:
    """Connect to a server's base URL, such as http://127.0.0.1:12393."""
    address = url.replace("http", "ws", 1) + "/client-ws"
    async with connect(address, max_size=None, compression=None, proxy=None) as socket:
        one = Client(socket)
        if opened:
            await one.open()
        yield one


def is_chain_start(message: Message) -> bool:
    return kinds([message]) == ["conversation-chain-start"]


def is_chain_end(message: Message) -> bool:
    return kinds([message]) == ["conversation-chain-end"]


def of_type(messages: list[Message], kind: str) -> list[Message]:
    return [message for message in messages if message["type"] == kind]


def kinds(messages: list[Message]) -> list[str]:
    """Return the types in order, a control message by its text."""
    return [m["text"] if m["type"] == "control" else m["type"] for m in messages]


def shown(messages: list[Message]) -> str:
    """Return the reply as a client shows it: display texts one after another."""
    return "".join(m["display_text"]["text"] for m in of_type(messages, "audio"))


def sound(message: Message) -> tuple[Pcm, int]:
    """Return the samples and the rate of an `audio` message."""
    pcm, rate = soundfile.read(io.BytesIO(base64.b64decode(message["audio"])), dtype="float32")
    return pcm, rate


def resampled(pcm: Pcm, rate: int) -> Pcm:
    """Return `pcm` at 16 kHz, by linear interpolation: good enough for a recogniser."""
    if rate == MIC_RATE:
        return pcm
    count = len(pcm) * MIC_RATE // rate
    positions = np.arange(count) * (rate / MIC_RATE)
    low: Pcm = np.interp(positions, np.arange(len(pcm)), pcm).astype(np.float32)
    return low
