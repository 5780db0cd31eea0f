"""Platforms of live streams as local servers that speak what is documented of them.

Bilibili: https://github.com/SocialSisterYi/bilibili-API-collect (docs/live/message_stream.md).
Twitch: https://dev.twitch.tv/docs/chat/irc/. YouTube: https://developers.google.com/youtube/v3/live/.
"""

from __future__ import annotations

import asyncio
import json
import struct
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

Answer = Callable[[str, dict[str, str]], tuple[int, Any]]
"""From the path and the query of a request to status and JSON."""


class Platform:
    """A server whose connections a test can speak through, and cut."""

    def __init__(self) -> None:
        self.sockets: list[ServerConnection] = []
        self.connections = 0
        self.came: asyncio.Queue[ServerConnection] = asyncio.Queue()
        """Who has entered the chat."""
        self.received: list[str | bytes] = []
        self.requests: list[tuple[str, dict[str, str], Headers]] = []
        self.port = 0

    async def cut(self) -> None:
        for socket in list(self.sockets):
            await socket.close()

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, Any]:
        raise NotImplementedError

    async def meet(self, socket: ServerConnection) -> None:
        raise NotImplementedError

    async def handle(self, socket: ServerConnection) -> None:
        self.connections += 1
        self.sockets.append(socket)
        try:
            await self.meet(socket)
        except ConnectionClosed:
            pass  # as clients do
        finally:
            self.sockets.remove(socket)

    def respond(self, _: ServerConnection, request: Request) -> Response | None:
        if request.headers.get("Upgrade"):
            return None
        parts = urlsplit(request.path)
        query = dict(parse_qsl(parts.query))
        self.requests.append((parts.path, query, request.headers))
        status, content = self.answer(parts.path, query)
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        headers = Headers({"Content-Type": "application/json", "Content-Length": str(len(body))})
        headers["Connection"] = "close"
        return Response(status, HTTPStatus(status).phrase, headers, body)


@asynccontextmanager
async def running(platform: Platform) -> AsyncIterator[None]:
    server: Server = await serve(
        platform.handle, "127.0.0.1", 0, process_request=platform.respond, compression=None
    )
    platform.port = next(iter(server.sockets)).getsockname()[1]
    async with server:
        yield


class TwitchServer(Platform):
    """Lets guests into one channel."""

    channel = "#ann"

    async def meet(self, socket: ServerConnection) -> None:
        async for frame in socket:
            assert isinstance(frame, str)
            self.received.append(frame)
            if frame == f"JOIN {self.channel}":
                guest = next(str(one)[5:] for one in reversed(self.received) if "NICK" in str(one))
                await socket.send(
                    ":tmi.twitch.tv CAP * ACK :twitch.tv/tags twitch.tv/commands\r\n"
                    f":tmi.twitch.tv 001 {guest} :Welcome, GLHF!\r\n"
                    f":{guest}!{guest}@{guest}.tmi.twitch.tv JOIN {self.channel}\r\n"
                )
                await socket.send(
                    f":{guest}.tmi.twitch.tv 353 {guest} = {self.channel} :{guest}\r\n"
                    f":{guest}.tmi.twitch.tv 366 {guest} {self.channel} :End of /NAMES list\r\n"
                )
                await self.came.put(socket)

    def line(self, author: str, text: str, tags: str = "") -> str:
        shown = author.replace(" ", "\\s")
        nick = author.lower().replace(" ", "")
        return (
            f"@badge-info=;color=#FF0000;display-name={shown};id=b34;tmi-sent-ts=1507246572675{tags}"
            f" :{nick}!{nick}@{nick}.tmi.twitch.tv PRIVMSG {self.channel} :{text}\r\n"
        )


HEADER = struct.Struct(">IHHII")


def packet(operation: int, body: bytes, version: int = 0) -> bytes:
    return HEADER.pack(16 + len(body), 16, version, operation, 0) + body


def danmaku(author: str, text: str) -> bytes:
    info = [[0, 1, 25, 5816798, 1691131687499, 17, 0, "ca0", 0], text, [3546, author, 0, 0], []]
    return packet(5, json.dumps({"cmd": "DANMU_MSG", "info": info, "dm_v2": ""}).encode())


def folded(*packets: bytes) -> bytes:
    return packet(5, zlib.compress(b"".join(packets)), 2)


class BilibiliServer(Platform):
    """Has a room 3 that is really room 1991478060."""

    room_id = 1991478060
    codes: dict[str, int]

    def __init__(self) -> None:
        super().__init__()
        self.codes = {}
        self.entered: list[dict[str, Any]] = []

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, Any]:
        pictures = {
            "img_url": "https://i0.hdslb.com/bfs/wbi/7cd084941338484aae1ad9425b84077c.png",
            "sub_url": "https://i0.hdslb.com/bfs/wbi/4932caff0ff746eab6f01bf08b70ac45.png",
        }
        found = {
            "/x/frontend/finger/spi": {"b_3": "DEVICE", "b_4": "OTHER"},
            "/x/web-interface/nav": {"isLogin": False, "wbi_img": pictures},
            "/room/v1/Room/room_init": {"room_id": self.room_id, "short_id": 3},
            "/xlive/web-room/v1/index/getDanmuInfo": {
                "token": "KEY",
                "host_list": [{"host": "127.0.0.1", "ws_port": self.port, "wss_port": 443}],
            },
        }
        code = self.codes.get(path, -101 if path.endswith("/nav") else 0)
        return 200, {"code": code, "message": str(code), "data": found[path]}

    async def meet(self, socket: ServerConnection) -> None:
        async for frame in socket:
            assert isinstance(frame, bytes)
            self.received.append(frame)
            length, _, _, operation, _ = HEADER.unpack_from(frame)
            assert length == len(frame)
            if operation == 7:
                self.entered.append(json.loads(frame[16:]))
                await socket.send(packet(8, b'{"code":0}', 1))
                await self.came.put(socket)
            elif operation == 2:
                await socket.send(packet(3, struct.pack(">I", 1), 1))


class YouTubeServer(Platform):
    """One stream whose chat has pages."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: list[tuple[int, Any]] = []
        """The answers that are left; the last one comes again and again."""
        self.live = True

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, Any]:
        if path == "/videos":
            details = {"liveStreamingDetails": {"activeLiveChatId": "CHAT"}} if self.live else {}
            return 200, {"items": [details]}
        assert path == "/liveChat/messages"
        assert query["liveChatId"] == "CHAT"
        return self.pages.pop(0) if len(self.pages) > 1 else self.pages[0]


def page(*said: tuple[str, str], token: str = "", **more: Any) -> tuple[int, Any]:
    items = [
        {
            "id": text,
            "snippet": {
                "type": "textMessageEvent",
                "displayMessage": text,
                "publishedAt": "2026-01-02T03:04:05.678Z",
            },
            "authorDetails": {"displayName": author},
        }
        for author, text in said
    ]
    return 200, {"items": items, "nextPageToken": token, "pollingIntervalMillis": 4000, **more}


def refusal(status: int, reason: str) -> tuple[int, Any]:
    error = {"code": status, "message": f"It is {reason}.", "errors": [{"reason": reason}]}
    return status, {"error": error}
