"""The wire of an outbox, scripted: a client that takes one frame after another, when it is let."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import orjson

from open_llm_vtuber.config import Limits
from open_llm_vtuber.conversation.outbox import ClientGoneError, Outbox
from open_llm_vtuber.protocol.frames import Frame
from open_llm_vtuber.protocol.outgoing import Outgoing


class ScriptedWire:
    """Takes frames at once, until `stop` is called; then each waits for a `take`."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        """What was written, in order."""
        self.gone = False
        self._free = asyncio.Event()
        self._free.set()
        self._stopped = False

    @property
    def free(self) -> bool:
        return self._free.is_set()

    async def drained(self) -> None:
        await self._free.wait()
        if self.gone:
            raise ClientGoneError

    async def write(self, frame: Frame) -> None:
        assert self._free.is_set(), "written ahead"
        if self.gone:
            raise ClientGoneError
        self.frames.append(frame)
        if self._stopped:
            self._free.clear()

    def stop(self) -> None:
        """Let what is written from now on lie until it is taken."""
        self._stopped = True

    async def take(self) -> None:
        """Let the client take what lies there, and the sender go on."""
        self._free.set()
        await settle()

    def leave(self) -> None:
        """The client goes."""
        self.gone = True
        self._free.set()

    @property
    def kinds(self) -> list[str]:
        """The types of what was written, a control message by its text, a binary one as "sound"."""
        found = []
        for frame in self.frames:
            if isinstance(frame, bytes):
                found.append("sound")
                continue
            message = orjson.loads(frame)
            found.append(message["text"] if message["type"] == "control" else message["type"])
        return found


class RecordingOutbox(Outbox):
    """Notes what it is given to send, and sends nothing."""

    def __init__(self) -> None:
        super().__init__(ScriptedWire(), Limits(), lambda: None)
        self.messages: list[Outgoing | Frame] = []

    async def send(self, message: Outgoing | Frame, turn: str = "") -> None:
        self.messages.append(message)

    def post(self, message: Outgoing | Frame, turn: str = "") -> None:
        self.messages.append(message)


async def settle(until: Callable[[], bool] = lambda: False, rounds: int = 50) -> None:
    """Let everything that can go on do so: some rounds of the loop, or until something holds."""
    for _ in range(rounds):
        if until():
            return
        await asyncio.sleep(0)
