"""A client of /client-ws that behaves as the official web client does, for any URL."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Literal
from urllib.parse import urlsplit, urlunsplit

import numpy as np
import orjson
import soundfile
from websockets.asyncio.client import ClientConnection, connect

from open_llm_vtuber.audio import MIC_RATE, Pcm

Message = dict[str, Any]
State = Literal["idle", "thinking-speaking", "interrupted", "listening"]
CHUNK = 4096
"""Samples per `mic-audio-data`, as the official client cuts them."""


class Client:
    """Plays what it is sent in no time, and says so; in all else as the official client.

    `state` is what that client calls its AI state, `heard` what it has shown of the running turn,
    `model` the last `set-model-and-conf`, `history_uid` the conversation that is open.
    """

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.uid = ""
        self.state: State = "idle"
        self.heard = ""
        self.history_uid = ""
        self.model: Message = {}
        self.group: Message = {}
        self._told = False

    async def send(self, kind: str, **fields: Any) -> None:
        await self.socket.send(orjson.dumps({"type": kind, **fields}).decode())

    async def receive(self, timeout_s: float = 60) -> Message:
        """Return the next message, noted but neither played nor answered."""
        frame = await asyncio.wait_for(self.socket.recv(), timeout_s)
        message: Message = orjson.loads(frame)
        self._note(message)
        return message

    def _note(self, message: Message) -> None:
        match message:
            case {"type": "control", "text": "conversation-chain-start"}:
                self.state, self.heard, self._told = "thinking-speaking", "", False
            case {"type": "control", "text": "conversation-chain-end"} if self.state != "listening":
                self.state = "idle"
            case {"type": "interrupt-signal"} if self.state == "thinking-speaking":
                self.state = "interrupted"
            case {"type": "set-model-and-conf"}:
                self.model = message
                self.uid = message.get("client_uid") or self.uid
            case {"type": "new-history-created", "history_uid": str(uid)}:
                self.state, self.history_uid = "idle", uid
            case {"type": "group-update"}:
                self.group = message

    async def play(self, message: Message) -> None:
        """Do what the official client does once it is shown a message."""
        match message:
            case {"type": "audio", "display_text": {"text": text} as shown_text}:
                if self.state in ("interrupted", "listening"):
                    return
                self.heard += text
                if not message["forwarded"]:
                    await self.send("audio-play-start", display_text=shown_text, forwarded=True)
            case {"type": "backend-synth-complete"} if not self._told:
                self._told = True
                await self.send("frontend-playback-complete")
            case {"type": "config-switched"}:
                await self.send("fetch-history-list")
                await self.send("create-new-history")

    async def until(
        self, stop: Callable[[Message], bool], *, timeout_s: float = 60, play: bool = True
    ) -> list[Message]:
        """Return the messages up to and including the first for which `stop` holds."""
        messages = []
        while True:
            message = await self.receive(timeout_s)
            messages.append(message)
            if play:
                await self.play(message)
            if stop(message):
                return messages

    async def until_type(
        self, kind: str, *, timeout_s: float = 60, play: bool = True
    ) -> list[Message]:
        return await self.until(lambda m: m["type"] == kind, timeout_s=timeout_s, play=play)

    async def ask(self, kind: str, answer: str, **fields: Any) -> Message:
        """Send a message and return the first of type `answer` that comes."""
        await self.send(kind, **fields)
        return (await self.until_type(answer))[-1]

    async def settled(self) -> list[Message]:
        """Return what came until the server has handled all that was sent before."""
        # What asks the disk or the database is answered in order, after all else is handled.
        await self.send("fetch-backgrounds")
        return (await self.until_type("background-files"))[:-1]

    async def beat(self, *, play: bool = True) -> list[Message]:
        """Return what came until the server has read all that was sent before.

        What asks the disk or the database may still be waiting to be answered.
        """
        await self.send("heartbeat")
        return (await self.until_type("heartbeat-ack", play=play))[:-1]

    async def turn(self, *, timeout_s: float = 60) -> list[Message]:
        """Return the messages of one whole turn, without what came before it."""
        messages = await self.until(is_chain_end, timeout_s=timeout_s)
        starts = [index for index, message in enumerate(messages) if is_chain_start(message)]
        return messages[starts[0] :]

    async def turn_end(self, *, timeout_s: float = 60) -> list[Message]:
        """Return the messages up to the end of the turn that is under way."""
        return await self.until(is_chain_end, timeout_s=timeout_s)

    async def say(self, text: str, **fields: Any) -> list[Message]:
        """Type `text` and return the turn."""
        await self.type(text, **fields)
        return await self.turn()

    async def type(self, text: str, **fields: Any) -> None:
        """Type `text`, after an interrupt if the character is busy."""
        await self.interrupt()
        await self.send("text-input", **{"text": text, "images": [], **fields})
        self.state = "thinking-speaking"

    async def interrupt(self) -> None:
        """Break in, if there is anything to break into."""
        if self.state == "thinking-speaking":
            self.state = "interrupted"
            await self.send("interrupt-signal", text=self.heard)

    async def record(self, pcm: Pcm) -> None:
        """Send an utterance as the official client does: in chunks, then the end."""
        await self.interrupt()
        self.state = "listening"
        for start in range(0, len(pcm), CHUNK):
            chunk = [round(float(sample), 6) for sample in pcm[start : start + CHUNK]]
            await self.send("mic-audio-data", audio=chunk)
        await self.send("mic-audio-end", images=[])
        self.state = "thinking-speaking"

    async def switch(self, file: str) -> list[Message]:
        """Choose a character; return all that came until its new conversation, or the error."""
        await self.interrupt()
        await self.send("switch-config", file=file)
        return await self.until(lambda m: m["type"] in ("new-history-created", "error"))

    async def new_conversation(self) -> Message:
        """Press the plus button."""
        await self.interrupt()
        return await self.ask("create-new-history", "new-history-created")

    async def change_group(self, kind: str, **fields: Any) -> Message:
        """Add or remove a member; return the result, and ask for the group as the client does."""
        result = await self.ask(kind, "group-operation-result", **fields)
        await self.send("request-group-info")
        return result

    async def open(self) -> list[Message]:
        """Send what every client sends on open; return the greeting and the answers."""
        for kind in ("fetch-backgrounds", "fetch-configs", "fetch-history-list"):
            await self.send(kind)
        await self.send("create-new-history")
        return await self.until_type("new-history-created")


def socket_url(url: str, path: str = "/client-ws") -> str:
    """Return the address of a socket below a server's base URL, which may hold a `?token=`.

    A URL of a socket is taken as it is.
    """
    parts = urlsplit(url)
    if parts.path.endswith("-ws"):
        path = parts.path
    scheme = {"http": "ws", "https": "wss"}.get(parts.scheme, parts.scheme)
    return urlunsplit((scheme, parts.netloc, path, parts.query, ""))


def http_url(url: str, path: str) -> str:
    """Return the address of a page below a server's base URL, which may hold a `?token=`."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))


def socket_to(url: str, path: str = "/client-ws", **options: Any) -> connect:
    """Return a connection as a browser would make it, but without compression.

    Who leaves with much unread does not see the server's farewell, and does not wait long for it.
    """
    usual = {"max_size": None, "compression": None, "proxy": None, "close_timeout": 1}
    return connect(socket_url(url, path), **{**usual, **options})


@asynccontextmanager
async def client(
    url: str, *, opened: bool = True, path: str = "/client-ws"
) -> AsyncIterator[Client]:
    """Connect to a server's base URL, such as http://127.0.0.1:12393/?token=secret."""
    async with socket_to(url, path) as socket:
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
