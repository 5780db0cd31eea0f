"""What waits to be sent to one client; a client that cannot keep up stops nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from loguru import logger

from ..config import Limits
from ..protocol.frames import Frame
from ..protocol.outgoing import Error
from ..protocol.parts import OfTurn, Outgoing, naming
from .replay import Replay


class ClientGoneError(Exception):
    """The client has gone."""


class Wire(Protocol):
    """Where frames go."""

    @property
    def free(self) -> bool:
        """Whether all that was written has left."""

    async def drained(self) -> None:
        """Wait until what was written has left. Raises ClientGoneError."""

    async def write(self, frame: Frame) -> None:
        """Write a frame, at once if everything before it has left. Raises ClientGoneError."""


@dataclass
class _Waiting:
    frame: Frame
    turn: str
    sent: asyncio.Future[None] | None = None
    """Who waits for it; cancelled when the frame is not to be sent any more. None if posted."""
    replaceable: type[Outgoing] | None = None
    """Its type, if a newer one makes it worthless."""

    @property
    def size_bytes(self) -> int:
        """Its size on the wire."""
        frame = self.frame
        return len(frame) if isinstance(frame, bytes) or frame.isascii() else len(frame.encode())


class Outbox:
    """Belongs to one client.

    `send` returns when its frame has left, `post` never waits: a client that leaves too much of
    what is posted lying, by number or by size, is given up. A frame that names the turn it belongs
    to can be taken back until it is on the wire, and waits for all that belongs to none: so what
    tells of an interrupt never stands behind the speech that it ends.
    """

    def __init__(self, wire: Wire, limits: Limits, give_up: Callable[[], None]) -> None:
        self._wire = wire
        self._give_up = give_up
        self._max_messages = limits.max_waiting_messages
        self._max_bytes = limits.max_waiting_bytes
        self._answers: list[_Waiting] = []
        self._speech: list[_Waiting] = []
        self._posted = self._posted_bytes = 0
        self._on_the_wire: _Waiting | None = None
        self._drainer: asyncio.Task[None] | None = None
        self._closed = False
        self.names_turns = False
        """Whether the client asked for the extension `turn-ids`."""
        self.codes_errors = False
        """Whether it asked for the extension `error-codes`."""
        self._kept: Replay | None = None
        self._first_kept: tuple[Frame, Replay] | None = None

    async def send_and_keep(self, message: Outgoing, replay: Replay) -> None:
        """Send a message; what leaves after it is kept. Raises ClientGoneError."""
        frame = self._frame(message, "")
        self._first_kept = (frame, replay)
        await self.send(frame)

    def keep(self, replay: Replay) -> None:
        """Keep all that leaves from now on."""
        self._kept = replay

    async def send(self, message: Outgoing | Frame, turn: str = "") -> None:
        """Send a message, or one that is a frame already, and wait until it has left.

        A sender that is cancelled takes its frame back, if it is not on the wire. Raises
        ClientGoneError.
        """
        if self._closed:
            raise ClientGoneError
        frame = self._frame(message, turn)
        waiting = _Waiting(frame, turn, asyncio.get_running_loop().create_future())
        if self._drainer is None and self._wire.free:  # nothing waits: no task is needed
            await self._write(frame, turn)
            if self._wire.free:
                return
            self._on_the_wire = waiting
            self._drain()
        else:
            self._add(waiting)
        if waiting.sent:
            await waiting.sent

    def post(self, message: Outgoing | Frame, turn: str = "") -> None:
        """Send a message when its time comes, without waiting for it."""
        if self._closed:
            return
        waiting = _Waiting(self._frame(message, turn), turn)
        size = waiting.size_bytes
        full = self._posted >= self._max_messages
        if full or (self._posted and self._posted_bytes + size > self._max_bytes):
            self._close()
            self._give_up()
            return
        self._posted += 1
        self._posted_bytes += size
        self._add(waiting)

    def post_newest(self, message: Outgoing) -> None:
        """Post a message; one of its type that was posted like this and still waits is dropped."""
        kind = type(message)
        outdated = [waiting for waiting in self._answers if waiting.replaceable is kind]
        if outdated:
            self._answers = [one for one in self._answers if one.replaceable is not kind]
            for waiting in outdated:
                self._drop(waiting)
        self.post(message)
        if self._answers:
            self._answers[-1].replaceable = kind

    def discard(self, turn: str) -> None:
        """Take back what waits of a turn: from here on not one frame of it leaves."""
        kept: list[_Waiting] = []
        for waiting in self._speech:
            if waiting.turn == turn:
                self._drop(waiting)
            else:
                kept.append(waiting)
        self._speech = kept
        if self._kept:
            self._kept.discard(turn)

    async def close(self) -> None:
        """Drop what waits."""
        self._close()
        if self._drainer:
            self._drainer.cancel()
            await asyncio.wait([self._drainer])

    @property
    def waiting(self) -> tuple[int, int]:
        """How many frames wait, and their size in bytes; the one that is being written too."""
        ahead = [self._on_the_wire] if self._on_the_wire else []
        frames = [*ahead, *self._answers, *self._speech]
        return len(frames), sum(len(one.frame) for one in frames)

    def _frame(self, message: Outgoing | Frame, turn: str) -> Frame:
        if isinstance(message, bytes):
            return message
        if isinstance(message, Error) and not self.codes_errors:
            message = message.uncoded()
        frame = message if isinstance(message, str) else message.frame()
        if turn and self.names_turns and isinstance(message, str | OfTurn):
            return naming(frame, turn)
        return frame

    def _add(self, waiting: _Waiting) -> None:
        (self._speech if waiting.turn else self._answers).append(waiting)
        self._drain()

    def _drain(self) -> None:
        if self._drainer is None:
            self._drainer = asyncio.create_task(self._send_waiting())

    def _next(self) -> _Waiting | None:
        """Return what goes next, of that which somebody still wants to be sent."""
        for waiting_ones in (self._answers, self._speech):
            while waiting_ones:
                waiting = waiting_ones.pop(0)
                if waiting.sent is None:
                    self._no_longer_posted(waiting)
                elif waiting.sent.done():
                    continue
                return waiting
        return None

    async def _send_waiting(self) -> None:
        try:
            while True:
                await self._wire.drained()
                if self._on_the_wire:
                    _settle(self._on_the_wire)
                self._on_the_wire = waiting = self._next()
                if waiting is None:
                    return
                await self._write(waiting.frame, waiting.turn)
        except ClientGoneError:
            self._close()
        finally:
            self._drainer = None

    async def _write(self, frame: Frame, turn: str) -> None:
        """Write a frame. Raises ClientGoneError, also for what nobody foresaw."""
        if self._kept:
            self._kept.add(frame, turn)
        elif self._first_kept and frame is self._first_kept[0]:
            self._kept = self._first_kept[1]
        try:
            await self._wire.write(frame)
        except ClientGoneError:
            self._close()
            raise
        except Exception as error:
            logger.exception("a message could not be sent")
            self._close()
            self._give_up()
            raise ClientGoneError from error

    def _drop(self, waiting: _Waiting) -> None:
        if waiting.sent is None:
            self._no_longer_posted(waiting)
        else:
            waiting.sent.cancel()

    def _no_longer_posted(self, waiting: _Waiting) -> None:
        self._posted -= 1
        self._posted_bytes -= waiting.size_bytes

    def _close(self) -> None:
        self._closed = True
        unsent = [*self._answers, *self._speech]
        if self._on_the_wire:
            unsent.append(self._on_the_wire)
        self._answers.clear()
        self._speech.clear()
        self._on_the_wire = None
        for waiting in unsent:
            if waiting.sent and not waiting.sent.done():
                waiting.sent.set_exception(ClientGoneError())
                waiting.sent.exception()  # seen: its sender may be gone as well


def _settle(waiting: _Waiting) -> None:
    if waiting.sent and not waiting.sent.done():
        waiting.sent.set_result(None)
