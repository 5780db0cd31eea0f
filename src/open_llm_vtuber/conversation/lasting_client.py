"""One client, whatever connections it comes by: its session outlives a connection that is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

import anyio
from loguru import logger

from ..config import Limits
from ..protocol import incoming as recv
from ..protocol.frames import Frame, kind_of
from ..protocol.resuming import ReceivedByServer, Resumed, ResumeToken
from .going_on import Counted
from .journal import Journal
from .lasting_clients import LastingClients, digest_of
from .lasting_wire import LastingWire
from .outbox import ClientGoneError, Outbox, Wire
from .replay import Replay
from .session import Session

TELL_EVERY = 8
"""After so many messages a client is told that they have come..."""
TELL_EVERY_BYTES = 2**16
"""...or after so many bytes of them."""


class Line(Wire, Protocol):
    """One connection of the client."""

    def cut(self) -> None:
        """Another connection has taken its place: nothing more is read from it."""


class LastingClient:
    """Lives until its client has left, or was waited for in vain."""

    address = ""
    """From where it came, as those are counted that come from one place."""

    def __init__(
        self,
        line: Line,
        limits: Limits,
        others: LastingClients,
        shown: Callable[[Frame], None],
        gone: Callable[[], None],
    ) -> None:
        """`shown` is told what was written, `gone` when all is over."""
        self._limits = limits
        self._others = others
        self._gone = gone
        self._line: Line | None = line
        self._latest = line
        """The connection it has, or had last."""
        self._wire = LastingWire(line, self.lost, shown)
        self.outbox = Outbox(self._wire, limits, self._give_up)
        self.session: Session | None = None
        """Who is talked with, once that is known."""
        self.given_up = False
        """Whether it did not take what waited for it."""
        self.digest = ""
        """Of the token by which it is known again."""
        self.journal: Journal | None = None
        """Where others find how far its session is, if there are any."""
        self._replay: Replay | None = None
        self._counts = False
        """Whether the client counts its messages: after the first `received` it does."""
        self._received = self._told = self._untold_bytes = 0
        self._handling = asyncio.Lock()
        self._work: anyio.CancelScope | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: asyncio.Task[None] | None = None
        self._ending: asyncio.Task[None] | None = None

    async def receive(self, frame: Frame) -> None:
        """Handle one frame, after those that came before it. Raises ClientGoneError."""
        if isinstance(frame, str):
            self._count(len(frame))
            if self._replay and kind_of(frame) == "received":
                self._confirm(frame, self._replay)
                self._counts = True
                return
        session = self._present()
        await self._handle(session, frame)
        if self._replay is None and session.has("resume"):
            await self._enable()
        if self.journal and self._replay:
            self.journal.touch()

    async def open(self, frame: Frame | None) -> bool:
        """Greet the client, as a first frame asks; return whether that was a `hello`."""
        session = self._present()
        if isinstance(frame, str) and await session.open_as_asked(frame):
            if session.has("resume"):
                await self._enable()
                if self.journal:
                    self.journal.touch()
            return True
        await session.open()
        return False

    def count_unread(self) -> None:
        """A message has come that was too large to be read."""
        self._count(0)

    async def take_over(self, line: Line, received: int) -> None:
        """Go on with another connection, whose client has received so much.

        Raises ProtocolError if that can not be, and then nothing has changed; ClientGoneError.
        """
        if self._replay is None or self._ending or self.given_up:
            raise ClientGoneError
        try:
            again = self._replay.since(received)
        except ValueError as error:
            raise recv.ProtocolError(f"This can not be gone on with: {error}.") from None
        before, self._line, self._latest = self._line, line, line
        self._others.returned(self)
        if self._waiting:
            self._waiting.cancel()
        self._wire.leave()
        if before:
            before.cut()
        missed = again is None
        logger.info("came back" + ("; it has missed too much" if missed else ""))
        told = Resumed(received=self._received, sent=received, missed=missed)
        if missed:
            told.sent = self._replay.sent
        self._told, self._untold_bytes = self._received, 0
        await line.write(told.frame())
        for frame in again or ():
            await line.drained()
            if self._line is not line:
                return
            await line.write(frame)
        await line.drained()
        if self._line is line:
            self._wire.enter(line)
            if turn := self._present().turns.running:
                turn.playback.go_on()

    def lost(self, line: Wire) -> bool:
        """A connection is gone; return whether its client may come back, or has."""
        if self._ending or self.given_up or self._replay is None:
            return False
        if line is not self._line:
            return True
        if not self._others.wait_for(self, self.address):
            return False
        logger.info("lost; it is waited for")
        self._line = None
        self._wire.leave()
        session = self._present()
        if turn := session.turns.running:
            turn.playback.hold()
        self._start(self._hear_no_more(session))
        self._waiting = self._start(self._wait())
        return True

    def is_on(self, line: Line) -> bool:
        """Whether this is the connection of the client, or was the last one."""
        return line is self._latest

    @property
    def is_connected(self) -> bool:
        """Whether it has a connection now."""
        return self._line is not None

    @property
    def has_ended(self) -> bool:
        """Whether it is gone for good."""
        return self._ending is not None

    async def end(self) -> None:
        """Stop everything that belongs to the client; whoever asks waits for it."""
        await asyncio.shield(self.begin_end())

    def begin_end(self) -> asyncio.Task[None]:
        """Begin with that, once; return what does it."""
        if self._ending is None:
            self._ending = asyncio.create_task(self._end())
        return self._ending

    async def _end(self) -> None:
        self._others.forget(self)
        before, self._line = self._line, None
        self._wire.end()
        if self.journal:
            self.journal.close()
        if self._work:
            self._work.cancel()
        for task in self._tasks:
            task.cancel()
        try:
            if self.session:
                await self.session.close()
        finally:
            if before:
                before.cut()
            self._gone()

    async def _handle(self, session: Session, frame: Frame) -> None:
        async with self._handling:
            if self._ending:
                raise ClientGoneError
            with anyio.CancelScope() as self._work:
                await session.receive(frame)
            if self._work.cancelled_caught:
                raise ClientGoneError

    async def _enable(self) -> None:
        """Tell the token: from then on frames are numbered."""
        limits = self._limits
        replay = Replay(limits.max_unreceived_messages, limits.max_unreceived_bytes)
        issued = self._others.issue(self)
        self.digest = digest_of(issued)
        token = ResumeToken(token=issued, grace_s=self._others.grace_s)
        self._replay = replay
        await self.outbox.send_and_keep(token, replay)

    def _count(self, size_bytes: int) -> None:
        if not self._counts:
            return
        self._received += 1
        self._untold_bytes += size_bytes
        if self.journal is None:
            self.confirm(self._received)

    @property
    def received(self) -> int:
        """The number of the client's last message that came."""
        return self._received

    def confirm(self, number: int) -> None:
        """Tell from time to time that the messages up to this one have come."""
        if number - self._told >= TELL_EVERY or self._untold_bytes >= TELL_EVERY_BYTES:
            self._told, self._untold_bytes = number, 0
            self.outbox.post_newest(ReceivedByServer(number=number))

    def take_up(self, counted: Counted) -> None:
        """Go on counting where another process has left off."""
        limits = self._limits
        most = (limits.max_unreceived_messages, limits.max_unreceived_bytes)
        self._replay = Replay(*most, sent=counted.sent)
        self.outbox.keep(self._replay)
        self._received = self._told = counted.received
        self._counts, self.digest = True, counted.digest
        self._others.adopt(counted.digest, self)

    def _confirm(self, frame: str, replay: Replay) -> None:
        try:
            message = recv.parse(frame)
        except recv.ProtocolError:
            return  # it says nothing
        if isinstance(message, recv.Received):
            replay.received(message.number)

    async def _hear_no_more(self, session: Session) -> None:
        """Take what is being said as complete: nothing more of it will come."""
        try:
            await self._handle(session, recv.MicStreamStop().model_dump_json())
        except ClientGoneError:
            return

    async def _wait(self) -> None:
        await asyncio.sleep(self._others.grace_s)
        logger.info("did not come back")
        self._waiting = None
        self._others.returned(self)
        await self.end()

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _give_up(self) -> None:
        self.given_up = True
        if self._line:
            self._line.cut()
        else:
            self.begin_end()

    def _present(self) -> Session:
        if self.session is None:
            raise ClientGoneError
        return self.session
