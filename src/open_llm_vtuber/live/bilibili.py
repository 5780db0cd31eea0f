"""Bilibili: the chat of a live room comes over a WebSocket, whose address and key its API tells.

As collected at https://github.com/SocialSisterYi/bilibili-API-collect (docs/live/message_stream.md,
docs/misc/sign/wbi.md, docs/misc/buvid3_4.md); Bilibili itself documents it for companies only.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit

import anyio
import orjson
from loguru import logger
from websockets.asyncio.client import ClientConnection

from ..config.live import BilibiliLive
from ..http_errors import Service
from .bilibili_packets import (
    ENTER,
    ENTERED,
    HEARTBEAT,
    MESSAGE,
    ZLIB,
    Packet,
    PacketError,
    packed,
    unpacked,
)
from .source import ChatMessage, LiveError, LiveSource
from .wire import (
    JsonClient,
    Parameters,
    a_few_at_once,
    at,
    frames,
    number_at,
    open_socket,
    text_at,
)

HEARTBEAT_S = 30.0
SILENCE_S = 70.0
"""Heartbeats are answered."""
ENTER_S = 15.0
NO_SUCH_ROOM = {1, 60004, 19002000}
_AGENT = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 "
    "Safari/537.36"
)
"""Who calls itself something else than a browser is refused."""
_ORDER = (
    46, 47, 18, 2, 53, 8, 23, 32, 15, 50, 10, 31, 58, 3, 45, 35,
    27, 43, 5, 49, 33, 9, 42, 19, 29, 28, 14, 39, 12, 38, 41, 13,
)  # fmt: skip
"""Which letters of the names of two pictures sign a request, in which order."""


def signed(parameters: Parameters, image_url: str, sub_url: str, now_s: int) -> dict[str, str]:
    """Return parameters with the signature that Bilibili calls WBI."""
    names = "".join(url.rpartition("/")[2].partition(".")[0] for url in (image_url, sub_url))
    key = "".join(names[one] for one in _ORDER if one < len(names))
    given = {name: str(value) for name, value in {**parameters, "wts": now_s}.items()}
    query = urlencode(sorted(given.items()))
    digest = hashlib.md5((query + key).encode(), usedforsecurity=False).hexdigest()
    return {**given, "w_rid": digest}


def chat_message(packet: Packet) -> ChatMessage | None:
    """Return what a viewer wrote, None for a packet that says something else, or nothing."""
    if packet.operation != MESSAGE:
        return None
    try:
        content: Any = orjson.loads(packet.body)
    except orjson.JSONDecodeError:
        return None
    info = at(content, "info")
    if text_at(content, "cmd").partition(":")[0] != "DANMU_MSG":
        return None
    text, author = text_at(info, 1), text_at(info, 2, 1)
    sent = number_at(info, 0, 4) / 1000 or time.time()
    return ChatMessage("Bilibili", author, text, sent) if text and author else None


class Bilibili(LiveSource):
    """The chat of one room."""

    def __init__(self, config: BilibiliLive, room_id: int) -> None:
        self._config = config
        self._room_id = room_id

    @property
    def name(self) -> str:
        """The room."""
        return f"Bilibili, room {self._room_id}"

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncIterator[ChatMessage]]:
        """Ask for the way into the room, and enter."""
        url, greeting = await self._way_in()
        service = Service("Bilibili", url)
        async with open_socket(service, {"User-Agent": _AGENT}) as socket:
            await socket.send(packed(ENTER, greeting))
            try:
                with anyio.fail_after(ENTER_S):
                    answer = await socket.recv()
            except TimeoutError:
                raise LiveError("Bilibili does not let anybody into the room.") from None
            if not _lets_in(answer):
                raise LiveError(
                    "Bilibili refuses the room; live_config.bilibili_live.sessdata may be outdated."
                )
            beats = asyncio.create_task(_beat(socket))
            try:
                yield _messages(socket, service)
            finally:
                beats.cancel()
                await asyncio.gather(beats, return_exceptions=True)

    async def _way_in(self) -> tuple[str, dict[str, Any]]:
        """Return the address of the chat, and with what one enters. Raises LiveError."""
        config = self._config
        headers = {"User-Agent": _AGENT, "Referer": "https://live.bilibili.com/"}
        key = "live_config.bilibili_live"
        secrets = (config.sessdata,)
        account = Service("Bilibili", config.account_url, f"{key}.account_url", secrets=secrets)
        live = Service("Bilibili", config.api_url, f"{key}.api_url", secrets=secrets)
        if config.sessdata:
            headers["Cookie"] = f"SESSDATA={config.sessdata}"
        asking = await asyncio.to_thread(JsonClient, account, headers)
        try:
            _, device = await asking.get("/x/frontend/finger/spi", {})
            _, person = await asking.get("/x/web-interface/nav", {})
        finally:
            await asking.close()
        device_id = text_at(device, "data", "b_3")
        headers["Cookie"] = "; ".join(filter(None, [headers.get("Cookie"), f"buvid3={device_id}"]))
        asking = await asyncio.to_thread(JsonClient, live, headers)
        try:
            _, room = await asking.get("/room/v1/Room/room_init", {"id": self._room_id})
            if at(room, "code") in NO_SUCH_ROOM:
                raise LiveError(
                    "there is no such room; mend live_config.bilibili_live.room_ids.", final=True
                )
            room_id = int(number_at(room, "data", "room_id")) or self._room_id
            image = text_at(person, "data", "wbi_img", "img_url")
            sub = text_at(person, "data", "wbi_img", "sub_url")
            wanted: Parameters = {"id": room_id, "type": 0, "web_location": "444.8"}
            parameters = signed(wanted, image, sub, int(time.time()))
            status, way = await asking.get("/xlive/web-room/v1/index/getDanmuInfo", parameters)
        finally:
            await asking.close()
        host = at(way, "data", "host_list", 0)
        token = text_at(way, "data", "token")
        if at(way, "code") != 0 or not text_at(host, "host"):
            told = text_at(way, "message") or at(way, "code") or f"status {status}"
            raise LiveError(
                f"Bilibili does not tell where the chat is ({told}). With "
                "live_config.bilibili_live.sessdata of an account it may."
            )
        greeting = {
            "uid": int(number_at(person, "data", "mid")),
            "roomid": room_id,
            "protover": ZLIB,
            "platform": "web",
            "type": 2,
            "buvid": device_id,
            "key": token,
        }
        plain = urlsplit(config.api_url).scheme == "http"  # through something on this computer
        scheme, port = ("ws", "ws_port") if plain else ("wss", "wss_port")
        address = f"{scheme}://{text_at(host, 'host')}:{int(number_at(host, port)) or 443}/sub"
        return address, greeting


def _lets_in(frame: str | bytes) -> bool:
    if isinstance(frame, str):
        return False
    try:
        for packet in unpacked(frame):
            if packet.operation == ENTERED:
                return bool(at(orjson.loads(packet.body), "code") == 0)
    except (PacketError, orjson.JSONDecodeError):
        return False
    return False


async def _beat(socket: ClientConnection) -> None:
    while True:
        await socket.send(packed(HEARTBEAT))
        await asyncio.sleep(HEARTBEAT_S)


async def _messages(socket: ClientConnection, service: Service) -> AsyncIterator[ChatMessage]:
    async for frame in frames(socket, service, SILENCE_S):
        if isinstance(frame, str):
            continue
        try:
            async for packet in a_few_at_once(unpacked(frame)):
                if message := chat_message(packet):
                    yield message
        except PacketError as error:
            logger.debug("live chat: a packet of Bilibili is passed over: {}", error)
            await asyncio.sleep(0)
