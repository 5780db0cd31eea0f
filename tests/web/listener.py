"""A client that takes binary frames of speech beside the messages."""

from __future__ import annotations

import orjson

from tests.support.chunks import SpeechFrame, read_frame
from tests.support.client import Client, Message, is_chain_end


class Listener:
    """A client that takes binary frames, too."""

    def __init__(self, plain: Client) -> None:
        self.plain = plain
        self.messages: list[Message] = []
        self.frames: list[SpeechFrame] = []
        self.all: list[Message | SpeechFrame] = []
        """Both, in the order in which they came."""

    async def take(self) -> Message | SpeechFrame:
        """Return what comes next, played."""
        frame = await self.plain.socket.recv()
        if isinstance(frame, bytes):
            self.frames.append(read_frame(frame))
            self.all.append(self.frames[-1])
            return self.frames[-1]
        message: Message = orjson.loads(frame)
        self.messages.append(message)
        self.all.append(message)
        await self.plain.play(message)
        return message

    async def until_frames(self, count: int) -> None:
        while len(self.frames) < count:
            await self.take()

    async def until_end(self) -> None:
        while not isinstance(one := await self.take(), dict) or not is_chain_end(one):
            pass

    def segment(self, number: int) -> list[SpeechFrame]:
        return [frame for frame in self.frames if frame.segment == number]
