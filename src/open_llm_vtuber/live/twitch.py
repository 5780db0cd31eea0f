"""Twitch: its chat is IRC in a WebSocket, which may be read without an account.

Documented at https://dev.twitch.tv/docs/chat/irc/.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio
from websockets.asyncio.client import ClientConnection

from ..config.live import TwitchLive
from ..http_errors import Service
from .source import ChatMessage, LiveError, LiveSource
from .wire import a_few_at_once, frames, open_socket

SILENCE_S = 400.0
"""Twitch pings about every five minutes."""
JOIN_S = 15.0
_CHANNEL = re.compile(r"[a-z0-9_]{1,25}")
_MILLISECONDS = re.compile(r"[0-9]{1,15}")
_ESCAPES = {":": ";", "s": " ", "r": "\r", "n": "\n"}
_CLOSED_CHANNEL = {"msg_channel_suspended", "tos_ban", "msg_room_not_found", "msg_banned"}


@dataclass(frozen=True)
class IrcLine:
    """One line of IRC."""

    command: str
    parameters: tuple[str, ...]
    nick: str
    tags: dict[str, str]


def read_line(line: str) -> IrcLine | None:
    """Return what a line says, None for one that is none: `@tags :nick!x COMMAND a b :the rest`."""
    tags: dict[str, str] = {}
    nick = ""
    if line.startswith("@"):
        raw, _, line = line[1:].partition(" ")
        for one in raw.split(";"):
            key, _, value = one.partition("=")
            tags[key] = re.sub(r"\\(.?)", lambda m: _ESCAPES.get(m[1], m[1]), value)
    line = line.lstrip(" ")
    if line.startswith(":"):
        prefix, _, line = line[1:].partition(" ")
        nick = prefix.partition("!")[0]
    head, colon, rest = line.lstrip(" ").partition(" :")
    words = [*head.split(), *([rest] if colon else [])]
    return IrcLine(words[0].upper(), tuple(words[1:]), nick, tags) if words else None


def chat_message(line: IrcLine) -> ChatMessage | None:
    """Return what a viewer wrote, None for a line that is something else."""
    if line.command != "PRIVMSG" or len(line.parameters) < 2:
        return None
    text = line.parameters[1]
    if text.startswith("\x01"):  # /me
        text = text.strip("\x01").removeprefix("ACTION ")
    sent = line.tags.get("tmi-sent-ts", "")
    at = int(sent) / 1000 if _MILLISECONDS.fullmatch(sent) else time.time()
    return ChatMessage("Twitch", line.tags.get("display-name") or line.nick, text, at)


class Twitch(LiveSource):
    """The chat of one channel."""

    def __init__(self, config: TwitchLive) -> None:
        self._channel = config.channel
        self._service = Service("Twitch", config.url, "live_config.twitch.url")

    @property
    def name(self) -> str:
        """The channel."""
        return f"Twitch, channel {self._channel}"

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncIterator[ChatMessage]]:
        """Join the channel as a guest."""
        if not _CHANNEL.fullmatch(self._channel):
            raise LiveError(
                "that is no name of a channel; set live_config.twitch.channel to what stands in "
                "its address after twitch.tv/.",
                final=True,
            )
        async with open_socket(self._service) as socket:
            await socket.send("CAP REQ :twitch.tv/tags twitch.tv/commands")
            await socket.send("PASS SCHMOOPIIE")
            guest = random.randrange(10_000, 100_000)  # noqa: S311 - no secret
            await socket.send(f"NICK justinfan{guest}")
            await socket.send(f"JOIN #{self._channel}")
            lines = self._lines(socket)
            try:
                with anyio.fail_after(JOIN_S):
                    async for line in lines:
                        if line.command == "366":  # the end of the list of names
                            break
            except TimeoutError:
                raise LiveError(
                    f"there is no channel {self._channel}, or it cannot be joined "
                    "(live_config.twitch.channel)."
                ) from None
            yield self._messages(socket)

    async def _messages(self, socket: ClientConnection) -> AsyncIterator[ChatMessage]:
        async for line in self._lines(socket):
            if message := chat_message(line):
                yield message

    async def _lines(self, socket: ClientConnection) -> AsyncIterator[IrcLine]:
        """Yield the lines; those about the connection are done."""
        async for frame in frames(socket, self._service, SILENCE_S):
            text = frame if isinstance(frame, str) else frame.decode("utf-8", "replace")
            async for one in a_few_at_once(text.split("\r\n")):
                line = read_line(one)
                if line is None:
                    continue
                if line.command == "PING":
                    await socket.send(f"PONG :{line.parameters[-1] if line.parameters else ''}")
                elif line.command == "RECONNECT":
                    raise LiveError("Twitch asks to connect anew.")
                elif line.command == "NOTICE" and line.tags.get("msg-id") in _CLOSED_CHANNEL:
                    said = " ".join(line.parameters[1:]) or line.tags["msg-id"]
                    raise LiveError(f"Twitch says: {said}", final=True)
                else:
                    yield line
