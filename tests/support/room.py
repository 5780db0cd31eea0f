"""A client as the page is, in a room: its microphone hears what it plays of what it is sent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import orjson
from websockets.asyncio.client import ClientConnection

from open_llm_vtuber.audio import MIC_RATE, Pcm

from .chunks import read_frame
from .client import Message, resampled

FRAME = 512
FRAME_S = FRAME / MIC_RATE
DELAY_FRAMES = 2
"""From what is played to what the microphone hears of it: 64 ms."""
DUCKED = 0.25


@dataclass
class Room:
    """Everything happens at the pace of real speech; times are those of time.perf_counter()."""

    socket: ClientConnection
    echo: float = 0.0
    """How much of what is played comes back, as a factor."""
    noise: float = 2e-4
    messages: list[tuple[float, Message]] = field(default_factory=list)
    played: list[Pcm] = field(default_factory=list)
    """What was heard of her, a frame each."""
    _speech: Pcm = field(default_factory=lambda: np.zeros(0, np.float32))
    _position: int = 0
    _level: float = 1.0
    _is_held: bool = False
    _said: Pcm = field(default_factory=lambda: np.zeros(0, np.float32))
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _turn: str = ""
    _all_sent: bool = False
    _frame_at: float = 0.0
    """When the frame begins that is heard next."""
    _more: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> Room:
        extensions = ["barge-in", "turn-ids", "speech-chunks"]
        await self._send(type="enable-extensions", extensions=extensions)
        await self._send(type="mic-stream-start")
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._live())]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        for result in await asyncio.gather(*self._tasks, return_exceptions=True):
            if isinstance(result, Exception):
                raise result

    def say(self, pcm: Pcm) -> float:
        """Have a person speak, 16 kHz; return when that begins: with the next frame."""
        self._said = np.concatenate([self._said, pcm])
        return self._frame_at

    @property
    def is_quiet(self) -> bool:
        """Whether the person has said everything."""
        return not len(self._said)

    @property
    def heard_s(self) -> float:
        """How much of her answer was played."""
        return self._position / MIC_RATE

    async def ask(self, text: str) -> None:
        """Type something, and wait until its answer begins to sound."""
        self.messages.clear()
        self._forget()
        await self._send(type="text-input", text=text)
        await self.until(lambda: self._position > 0)

    async def until(self, holds: Callable[[], bool], timeout_s: float = 60) -> None:
        """Wait for something that comes with a message, or with time."""
        deadline = time.perf_counter() + timeout_s
        while not holds():
            if time.perf_counter() > deadline:
                raise TimeoutError(str(self.actions))
            self._more.clear()
            await self._more.wait()

    @property
    def actions(self) -> list[tuple[float, str]]:
        """What became of her sound, and when."""
        told = []
        for at, message in self.messages:
            if message["type"] == "playback-control":
                told.append((at, message["action"]))
            elif message.get("text") == "interrupt":
                told.append((at, "interrupt"))
        return told

    def has(self, kind: str, count: int = 1) -> bool:
        """Whether so many messages came of a type, or of a `control` with that text."""
        kinds = [(message["type"], message.get("text")) for _, message in self.messages]
        return sum(kind in one for one in kinds) >= count

    def first(self, action: str) -> float | None:
        """Return when that happened first."""
        return next((at for at, one in self.actions if one == action), None)

    async def interrupt(self) -> None:
        """End what goes on, as by the red square."""
        self._forget()
        await self._send(type="interrupt-signal", text="", turn=self._turn)

    def _forget(self) -> None:
        self._speech = np.zeros(0, np.float32)
        self._position, self._level, self._is_held, self._all_sent = 0, 1.0, False, False

    async def _send(self, **message: object) -> None:
        await self.socket.send(orjson.dumps(message).decode())

    async def _listen(self) -> None:
        async for data in self.socket:
            if isinstance(data, bytes):
                frame = read_frame(data)
                pcm = resampled(frame.pcm, frame.rate) if len(frame.pcm) else frame.pcm
                self._speech = np.concatenate([self._speech, pcm])
                continue
            message = orjson.loads(data)
            self.messages.append((time.perf_counter(), message))
            await self._do(message)
            self._more.set()

    async def _do(self, message: Message) -> None:
        match message:
            case {"text": "conversation-chain-start", "turn": turn}:
                self._forget()
                self._turn = turn
            case {"type": "playback-control", "turn": turn} if turn == self._turn:
                self._is_held = message["action"] == "pause"
                self._level = DUCKED if message["action"] == "duck" else 1.0
            case {"text": "interrupt"}:
                self._forget()
                await self._send(type="interrupt-signal", text="", turn=message.get("turn"))
            case {"type": "backend-synth-complete"}:
                self._all_sent = True

    async def _live(self) -> None:
        """A frame is played and one is heard, every 32 ms."""
        rng = np.random.default_rng(5)
        start, count = time.perf_counter(), 0
        while True:
            count += 1
            self._frame_at = start + (count - 1) * FRAME_S
            await asyncio.sleep(start + count * FRAME_S - time.perf_counter())
            hers = np.zeros(FRAME, np.float32)
            if not self._is_held and self._position < len(self._speech):
                part = self._speech[self._position : self._position + FRAME]
                hers[: len(part)] = part * self._level
                self._position += len(part)
            elif self._all_sent and not self._is_held:
                self._all_sent = False
                await self._send(type="frontend-playback-complete", turn=self._turn)
            self.played.append(hers)
            mine = rng.normal(0, self.noise, FRAME).astype(np.float32)
            part, self._said = self._said[:FRAME], self._said[FRAME:]
            mine[: len(part)] += part
            if self.echo and len(self.played) > DELAY_FRAMES:
                mine += self.echo * self.played[-1 - DELAY_FRAMES]
            await self.socket.send((mine.clip(-1, 1) * 32767).astype("<i2").tobytes())
            self._more.set()
