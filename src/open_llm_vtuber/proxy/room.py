"""Who shares the conversation, and what passes between them and the server."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
from loguru import logger

from ..config import Limits
from ..conversation.outbox import Outbox
from ..protocol.extra import ExtensionsEnabled, ViewerMessage
from ..protocol.frames import ProtocolError, kind_of, read_frame
from ..protocol.incoming import TextInput, checked
from ..protocol.outgoing import Error, FullText, HeartbeatAck, UserInputTranscription
from .shared_turn import SharedTurn
from .text_queue import TextQueue
from .upstream import Reached, Upstream

REQUEST_CONF = '{"type":"request-init-config"}'


class Guest:
    """One client of the proxy."""

    def __init__(self, outbox: Outbox) -> None:
        self.outbox = outbox


class ProxyHub:
    """Opens the shared conversation with the first guest and closes it with the last.

    A turn that takes longer than `limits.proxy_turn_timeout_s` no longer keeps the others from
    speaking.
    """

    def __init__(self, url: str, limits: Limits) -> None:
        self._url = url
        self.limits = limits
        self._guests: set[Guest] = set()
        self._texts: TextQueue[Guest] = TextQueue(limits.max_queued_turns, limits.max_waiting_bytes)
        self._turn = SharedTurn()
        self._upstream: Upstream | None = None
        self._running: asyncio.Task[None] | None = None
        self._connected = False
        self._greeted = False
        """Whether the server has said who is talked with: before, clients show nothing."""
        self._played = False
        """Whether somebody has reported the playback of the running turn."""
        self._watchdog: asyncio.TimerHandle | None = None

    def enter(self, guest: Guest) -> bool:
        """Let a guest in; False when there are too many."""
        if len(self._guests) >= self.limits.max_connections:
            return False
        self._guests.add(guest)
        logger.info("/proxy-ws: {} clients", len(self._guests))
        if self._running is None:
            self._open()
        elif self._connected and self._upstream:
            self._upstream.send(REQUEST_CONF)
            self._next()
        return True

    async def leave(self, guest: Guest) -> None:
        """A guest has left; the last one's leave closes the conversation."""
        self._guests.discard(guest)
        self._texts.forget(guest)
        await guest.outbox.close()
        if not self._guests:
            await self.close()

    async def close(self) -> None:
        """Close the conversation. Who enters meanwhile opens another one."""
        running, self._running, self._upstream = self._running, None, None
        self._connected = False
        self._turn.lost()
        self._unwatch()
        if running:
            running.cancel()
            await asyncio.wait([running])

    def _open(self) -> None:
        """Begin a conversation; what an earlier one still says is not heard."""

        def received(frame: str) -> None:
            if self._upstream is upstream:
                self._broadcast(frame)

        def changed(up: bool) -> None:
            if self._upstream is upstream:
                self._connection(up)

        upstream = Upstream(self._url, self.limits, received, changed)
        self._upstream = upstream
        self._running = asyncio.create_task(upstream.run())

    @property
    def takes_part(self) -> bool:
        """Whether there is somebody who would hear a viewer being answered."""
        return bool(self._guests)

    @property
    def is_idle(self) -> bool:
        """Whether somebody is here, nobody is being answered, and no text waits."""
        free = self._turn.state == "free" and not self._texts
        return bool(self._guests) and self._connected and self._greeted and free

    def say_for_viewer(self, message: ViewerMessage) -> bool:
        """Have what a viewer of the stream said answered, if the conversation is idle.

        Returns whether it is. The guests see it as what somebody else said.
        """
        if not self.is_idle or self._upstream is None:
            return False
        text = message.as_told
        frame = TextInput(text=text, viewer=True).model_dump_json()
        if not self._upstream.send(frame, before=self._turn.asked):
            return False
        self._asked(text, None)
        return True

    def receive(self, guest: Guest, frame: str | bytes) -> None:
        """Handle one frame of a guest."""
        if isinstance(frame, bytes):
            self._forward(guest, frame)
            return
        try:
            message: Any = read_frame(frame)
        except ProtocolError as error:
            guest.outbox.post(Error(message=str(error)))
            return
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            guest.outbox.post(Error(message='Send a JSON object with a "type".'))
            return
        kind = message["type"]
        if kind == "heartbeat":
            guest.outbox.post(HeartbeatAck())
        elif kind == "enable-extensions":  # what one of many asked for would go to them all
            guest.outbox.post(ExtensionsEnabled(extensions=[]))
        elif kind == "text-input":
            self._text(guest, frame, message)
        elif kind == "frontend-playback-complete":
            if not self._played:  # the first one counts
                self._played = True
                self._forward(guest, frame)
        else:
            if kind != "interrupt-signal":
                self._forward(guest, frame)
            elif self._forward(guest, frame, after=self._turn.interrupted):
                self._turn.interrupt()
            self._next()

    def _text(self, guest: Guest, frame: str, message: Any) -> None:
        """Let a text wait for its turn. What is wrong with it concerns nobody else."""
        try:
            asked = checked(message)
        except ProtocolError as error:
            guest.outbox.post(Error(message=str(error)))
            return
        most = self.limits.max_text_chars
        if isinstance(asked, TextInput) and len(asked.text) > most:
            text = f"The message is over {most} characters (system_config.limits.max_text_chars)."
            guest.outbox.post(Error(message=text))
            return
        if not self._texts.put(guest, frame):
            text = "Your texts are waiting already; wait until some are answered."
            guest.outbox.post(Error(message=text))
        self._next()

    def _forward(
        self,
        guest: Guest,
        frame: str | bytes,
        *,
        before: Reached | None = None,
        after: Reached | None = None,
    ) -> bool:
        """Send a frame of a guest to the server, who is told if that is impossible."""
        if not self._connected or self._upstream is None:
            text = "The server cannot be reached at the moment; try again shortly."
        elif not self._upstream.send(frame, before=before, after=after):
            text = "Too much is waiting to be sent to the server; try again shortly."
        else:
            return True
        guest.outbox.post(Error(message=text))
        return False

    def _broadcast(self, frame: str) -> None:
        """Pass on what the server says, and follow its turns."""
        begins = self._turn.hear(frame)
        self._greeted = self._greeted or kind_of(frame) == "set-model-and-conf"
        for guest in list(self._guests):
            guest.outbox.post(frame)
        if begins:
            self._played = False
            self._watch()
        else:
            self._next()

    def _connection(self, up: bool) -> None:
        self._connected, self._greeted = up, False
        self._turn.lost()
        if up:  # the server's greeting says what REQUEST_CONF would ask for
            self._next()
            return
        self._unwatch()
        for guest in list(self._guests):
            guest.outbox.post(FullText(text="The server cannot be reached; trying again."))

    def _next(self) -> None:
        """Send the next text, if it is somebody's turn."""
        if self._turn.state != "free":
            return
        self._unwatch()
        while self._connected and self._upstream and (taken := self._texts.take()):
            author, frame = taken
            if not self._forward(author, frame, before=self._turn.asked):
                continue
            self._asked(orjson.loads(frame)["text"], author)
            return

    def _asked(self, text: str, author: Guest | None) -> None:
        """A text was sent to be answered; those who did not write it are shown it."""
        self._turn.ask()
        self._played = False
        self._watch()
        said = UserInputTranscription(text=text)
        for guest in list(self._guests):
            if guest is not author:
                guest.outbox.post(said)

    def _watch(self) -> None:
        self._unwatch()
        loop = asyncio.get_running_loop()
        self._watchdog = loop.call_later(self.limits.proxy_turn_timeout_s, self._give_up)

    def _unwatch(self) -> None:
        if self._watchdog:
            self._watchdog.cancel()
            self._watchdog = None

    def _give_up(self) -> None:
        logger.warning("/proxy-ws: a turn did not end; the next one begins")
        self._turn.lost()
        self._next()
