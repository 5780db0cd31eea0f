"""Who shares the conversation, and what passes between them and the server."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
from loguru import logger

from ..config import Limits
from ..conversation.outbox import Outbox
from ..protocol.outgoing import (
    Error,
    ExtensionsEnabled,
    FullText,
    HeartbeatAck,
    UserInputTranscription,
)
from .text_queue import TextQueue
from .upstream import Upstream

REQUEST_CONF = '{"type":"request-init-config"}'


class Guest:
    """One client of the proxy."""

    def __init__(self, outbox: Outbox) -> None:
        self.outbox = outbox


class Room:
    """Opens the shared conversation with the first guest and closes it with the last.

    A turn that takes longer than `limits.proxy_turn_timeout_s` no longer keeps the others from
    speaking.
    """

    def __init__(self, url: str, limits: Limits) -> None:
        self._url = url
        self.limits = limits
        self._guests: set[Guest] = set()
        self._texts: TextQueue[Guest] = TextQueue(limits.max_queued_turns)
        self._upstream: Upstream | None = None
        self._running: asyncio.Task[None] | None = None
        self._connected = False
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
        self._end_turn()
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

        upstream = Upstream(self._url, self.limits.max_waiting_messages, received, changed)
        self._upstream = upstream
        self._running = asyncio.create_task(upstream.run())

    def receive(self, guest: Guest, frame: str | bytes) -> None:
        """Handle one frame of a guest."""
        if isinstance(frame, bytes):
            self._forward(guest, frame)
            return
        try:
            message: Any = orjson.loads(frame)
        except orjson.JSONDecodeError:
            message = None
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            guest.outbox.post(Error(message='Send a JSON object with a "type".'))
            return
        kind = message["type"]
        if kind == "heartbeat":
            guest.outbox.post(HeartbeatAck())
        elif kind == "enable-extensions":  # what one of many asked for would go to them all
            guest.outbox.post(ExtensionsEnabled(extensions=[]))
        elif kind == "text-input":
            if not isinstance(message.get("text"), str):
                guest.outbox.post(Error(message="A text-input needs a text."))
            elif not self._texts.put(guest, frame):
                text = "Your texts are waiting already; wait until some are answered."
                guest.outbox.post(Error(message=text))
            self._next()
        elif kind == "frontend-playback-complete":
            if not self._played:  # the first one counts
                self._played = True
                self._forward(guest, frame)
        else:
            if kind == "interrupt-signal":
                self._end_turn()
            self._forward(guest, frame)
            self._next()

    def _forward(self, guest: Guest, frame: str | bytes) -> None:
        if not (self._connected and self._upstream and self._upstream.send(frame)):
            text = "The server cannot be reached at the moment; try again shortly."
            guest.outbox.post(Error(message=text))

    def _broadcast(self, frame: str) -> None:
        """Pass on what the server says, and follow its turns."""
        head = frame[:400]
        for guest in list(self._guests):
            guest.outbox.post(frame)
        if '"control"' not in head:
            return
        said = orjson.loads(frame).get("text")
        if said == "conversation-chain-start":
            self._texts.active = True
            self._played = False
            self._watch()
        elif said == "conversation-chain-end":
            self._end_turn()
            self._next()

    def _connection(self, up: bool) -> None:
        self._connected = up
        if up:  # the server's greeting says what REQUEST_CONF would ask for
            self._next()
            return
        self._end_turn()
        for guest in list(self._guests):
            guest.outbox.post(FullText(text="The server cannot be reached; trying again."))

    def _next(self) -> None:
        """Send the next text, if it is somebody's turn."""
        if not self._connected or self._upstream is None:
            return
        taken = self._texts.take()
        if taken is None:
            return
        author, frame = taken
        self._played = False
        self._watch()
        said = UserInputTranscription(text=orjson.loads(frame)["text"])
        for guest in list(self._guests):
            if guest is not author:
                guest.outbox.post(said)
        self._upstream.send(frame)

    def _watch(self) -> None:
        if self._watchdog:
            self._watchdog.cancel()
        loop = asyncio.get_running_loop()
        self._watchdog = loop.call_later(self.limits.proxy_turn_timeout_s, self._give_up)

    def _give_up(self) -> None:
        logger.warning("/proxy-ws: a turn did not end; the next one begins")
        self._end_turn()
        self._next()

    def _end_turn(self) -> None:
        self._texts.active = False
        if self._watchdog:
            self._watchdog.cancel()
            self._watchdog = None
