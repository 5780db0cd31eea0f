"""Each platform over real sockets: what viewers write arrives, and what else comes does no harm."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from open_llm_vtuber.config import load_config
from open_llm_vtuber.config.live import BilibiliLive, LiveConfig, TwitchLive, YouTubeLive
from open_llm_vtuber.live.bilibili import Bilibili, signed
from open_llm_vtuber.live.bilibili_packets import unpacked
from open_llm_vtuber.live.source import ChatMessage, LiveError
from open_llm_vtuber.live.sources import sources_of
from open_llm_vtuber.live.twitch import Twitch
from open_llm_vtuber.live.youtube import YouTube
from tests.support.live import conf

from .platforms import (
    BilibiliServer,
    TwitchServer,
    YouTubeServer,
    danmaku,
    folded,
    packet,
    page,
    refusal,
    running,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
async def twitch() -> AsyncIterator[TwitchServer]:
    platform = TwitchServer()
    async with running(platform):
        yield platform


@pytest.fixture
async def bilibili() -> AsyncIterator[BilibiliServer]:
    platform = BilibiliServer()
    async with running(platform):
        yield platform


@pytest.fixture
async def youtube() -> AsyncIterator[YouTubeServer]:
    platform = YouTubeServer()
    async with running(platform):
        yield platform


def on_twitch(platform: TwitchServer, channel: str = "ann") -> Twitch:
    return Twitch(TwitchLive(channel=channel, url=f"ws://127.0.0.1:{platform.port}"))


def on_bilibili(platform: BilibiliServer, **keys: Any) -> Bilibili:
    url = f"http://127.0.0.1:{platform.port}"
    return Bilibili(BilibiliLive(api_url=url, account_url=url, **keys), 3)


def on_youtube(platform: YouTubeServer, waits: list[float], key: str = "the-key") -> YouTube:
    async def wait(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0)

    url = f"http://127.0.0.1:{platform.port}"
    return YouTube(YouTubeLive(video_id="VIDEO", api_key=key, url=url), wait)


async def some(messages: AsyncIterator[ChatMessage], count: int) -> list[tuple[str, str]]:
    found = []
    for _ in range(count):
        message = await asyncio.wait_for(anext(messages), 20)
        found.append((message.author, message.text))
    return found


async def test_twitch_is_read_as_a_guest(twitch: TwitchServer) -> None:
    async with on_twitch(twitch).connect() as messages:
        socket = await twitch.came.get()
        await socket.send("PING :tmi.twitch.tv\r\n")
        await socket.send(
            twitch.line("Bob", "Hello: you!")
            + ":tmi.twitch.tv USERNOTICE #ann :a subscription\r\n"
            + twitch.line("Eve M", "\x01ACTION dances\x01", r";system-msg=a\sb\:c\\d")
            + ":carl!carl@carl.tmi.twitch.tv PRIVMSG #ann :without tags\r\n"
        )
        expected = [("Bob", "Hello: you!"), ("Eve M", "dances"), ("carl", "without tags")]
        assert await some(messages, 3) == expected
    assert "PONG :tmi.twitch.tv" in twitch.received
    assert any(str(one).startswith("NICK justinfan") for one in twitch.received)


@pytest.mark.parametrize(
    "text", ["", "\r\n", "@", "@a", ":", " ", ":x", "PRIVMSG", "@a=b :c PRIVMSG #ann"]
)
async def test_lines_that_are_none_are_passed_over(twitch: TwitchServer, text: str) -> None:
    async with on_twitch(twitch).connect() as messages:
        socket = await twitch.came.get()
        await socket.send(f"{text}\r\n" + twitch.line("Bob", "Still there?"))
        assert await some(messages, 1) == [("Bob", "Still there?")]


@pytest.mark.parametrize("sent", ["9" * 400, "9" * 5000, "soon", "٣"])
async def test_a_message_of_an_odd_time_is_heard(twitch: TwitchServer, sent: str) -> None:
    async with on_twitch(twitch).connect() as messages:
        socket = await twitch.came.get()
        await socket.send(f"@tmi-sent-ts={sent} :bob!b@c PRIVMSG #ann :Hello!\r\n")
        assert await some(messages, 1) == [("bob", "Hello!")]


async def test_a_closed_channel_without_words_is_told(twitch: TwitchServer) -> None:
    async with on_twitch(twitch).connect() as messages:
        socket = await twitch.came.get()
        await socket.send("@msg-id=tos_ban :tmi.twitch.tv NOTICE\r\n")
        with pytest.raises(LiveError, match="Twitch says: tos_ban"):
            await anext(messages)


async def test_what_twitch_says_of_the_channel_is_told(twitch: TwitchServer) -> None:
    async with on_twitch(twitch).connect() as messages:
        socket = await twitch.came.get()
        await socket.send(":tmi.twitch.tv RECONNECT\r\n")
        with pytest.raises(LiveError, match="anew") as told:
            await anext(messages)
        assert not told.value.final
    async with on_twitch(twitch).connect() as messages:
        socket = await twitch.came.get()
        await socket.send(
            "@msg-id=msg_channel_suspended :tmi.twitch.tv NOTICE #ann :Suspended.\r\n"
        )
        with pytest.raises(LiveError, match="Suspended") as told:
            await anext(messages)
        assert told.value.final


async def test_a_channel_that_is_no_name_is_told(twitch: TwitchServer) -> None:
    with pytest.raises(LiveError, match=r"live_config\.twitch\.channel"):
        async with on_twitch(twitch, "ann\r\nJOIN #bob").connect():
            pass
    assert twitch.connections == 0


async def test_the_end_of_a_connection_is_told(
    twitch: TwitchServer, bilibili: BilibiliServer
) -> None:
    for platform, source in ((twitch, on_twitch(twitch)), (bilibili, on_bilibili(bilibili))):
        async with source.connect() as messages:
            await platform.came.get()
            await platform.cut()
            with pytest.raises(LiveError, match="ended the connection"):
                await anext(messages)


async def test_nobody_there_is_told(twitch: TwitchServer) -> None:
    source = Twitch(TwitchLive(channel="ann", url="ws://127.0.0.1:9"))
    with pytest.raises(LiveError, match="refused"):
        async with source.connect():
            pass


async def test_bilibili_is_entered_as_collected(bilibili: BilibiliServer) -> None:
    async with on_bilibili(bilibili, sessdata="cookie-of-ann").connect() as messages:
        socket = await bilibili.came.get()
        other = packet(5, b'{"cmd":"INTERACT_WORD","data":{}}')
        await socket.send(danmaku("小明", "你好"))
        await socket.send(folded(danmaku("Bob", "one"), other, danmaku("Eve", "two")))
        await socket.send(folded(folded(danmaku("Carl", "three"))))
        expected = [("小明", "你好"), ("Bob", "one"), ("Eve", "two"), ("Carl", "three")]
        assert await some(messages, 4) == expected
    (entered,) = bilibili.entered
    assert entered["roomid"] == 1991478060
    assert (entered["key"], entered["buvid"], entered["protover"]) == ("KEY", "DEVICE", 2)
    path, query, headers = bilibili.requests[-1]
    assert path.endswith("getDanmuInfo")
    assert query["id"] == "1991478060"
    assert len(query["w_rid"]) == 32
    assert headers["Cookie"] == "SESSDATA=cookie-of-ann; buvid3=DEVICE"
    assert bilibili.received[1][8:12] == b"\x00\x00\x00\x02"  # a heartbeat


def test_the_signature_is_that_of_the_collected_example() -> None:
    """docs/misc/sign/wbi.md has these values."""
    pictures = (
        "https://i0/7cd084941338484aae1ad9425b84077c.png",
        "https://i0/4932caff0ff746eab6f01bf08b70ac45.png",
    )
    found = signed({"foo": 114, "bar": 514, "zab": 1919810}, *pictures, 1702204169)
    assert found["w_rid"] == "8f6f2b5b3d485fe1886cec6a0be8c5d4"


def test_a_frame_of_very_many_packets_is_read_to_its_end() -> None:
    found = list(unpacked(packet(5, b"") * 200_000 + packet(5, b"last")))
    assert len(found) == 200_001
    assert found[-1].body == b"last"


def test_secrets_are_not_in_what_is_printed_of_the_configuration() -> None:
    sections = {"bilibili_live": {"sessdata": "secret-1"}, "youtube": {"api_key": "secret-2"}}
    told = repr(LiveConfig.model_validate(sections))
    assert "secret" not in told


BOMB = packet(5, __import__("zlib").compress(bytes(64 * 2**20)), 2)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"abc",
        packet(5, b"{")[:-1],
        packet(5, b"{"),
        packet(5, b"[]"),
        packet(5, b'{"cmd":"DANMU_MSG"}'),
        packet(5, b'{"cmd":"DANMU_MSG","info":[[],3,[1]]}'),
        packet(5, b"no zlib", 2),
        packet(5, b"brotli", 3),
        BOMB,
        folded(folded(folded(danmaku("Bob", "too deep")))),
        b"\x00\x00\x00\x05\x00\x10" + bytes(10),
        b"\xff" * 40,
    ],
)  # fmt: skip
async def test_packets_that_are_none_are_passed_over(bilibili: BilibiliServer, data: bytes) -> None:
    async with on_bilibili(bilibili).connect() as messages:
        socket = await bilibili.came.get()
        await socket.send(data)
        await socket.send("text")
        await socket.send(danmaku("Bob", "Still there?"))
        assert await some(messages, 1) == [("Bob", "Still there?")]


@pytest.mark.parametrize(
    ("path", "code", "text", "final"),
    [
        ("/room/v1/Room/room_init", 60004, "room_ids", True),
        ("/xlive/web-room/v1/index/getDanmuInfo", -352, "-352.*sessdata", False),
    ],
)
async def test_what_bilibili_refuses_is_told(
    bilibili: BilibiliServer, path: str, code: int, text: str, final: bool
) -> None:
    bilibili.codes[path] = code
    with pytest.raises(LiveError, match=text) as told:
        async with on_bilibili(bilibili).connect():
            pass
    assert told.value.final == final


async def test_youtube_is_looked_at_as_often_as_it_says(youtube: YouTubeServer) -> None:
    youtube.pages = [
        page(("Old", "before"), token="1"),
        page(("Bob", "Hello!"), ("Eve", "Hi."), token="2"),
        page(token="3", pollingIntervalMillis=60_000),
        page(("Bob", "And now?"), token="4", offlineAt="2026-01-02T03:04:05Z"),
    ]
    waits: list[float] = []
    async with on_youtube(youtube, waits).connect() as messages:
        assert await some(messages, 3) == [("Bob", "Hello!"), ("Eve", "Hi."), ("Bob", "And now?")]
        with pytest.raises(LiveError, match="has ended") as told:
            await anext(messages)
    assert told.value.final
    assert waits == [10, 10, 60]
    asked = [query.get("pageToken") for path, query, _ in youtube.requests if "Chat" in path]
    assert asked == [None, "1", "2", "3"]
    for _, query, headers in youtube.requests:
        assert headers["X-Goog-Api-Key"] == "the-key"
        assert "the-key" not in query.values()


@pytest.mark.parametrize(
    ("answer", "text", "final", "retry_s"),
    [
        (refusal(403, "quotaExceeded"), "quota.*poll_s", False, 3600),
        (refusal(400, "keyInvalid"), "api_key", True, 0),
        (refusal(403, "liveChatDisabled"), "no chat", True, 0),
        (refusal(500, "backendError"), "backendError", False, 0),
        ((502, b"<html>"), "502", False, 0),
    ],
)
async def test_what_youtube_refuses_is_told(
    youtube: YouTubeServer, answer: tuple[int, Any], text: str, final: bool, retry_s: float
) -> None:
    youtube.pages = [page(token="1"), answer]
    async with on_youtube(youtube, []).connect() as messages:
        with pytest.raises(LiveError, match=text) as told:
            await anext(messages)
    assert (told.value.final, told.value.retry_s) == (final, retry_s)


async def test_a_stream_that_is_not_live_and_a_missing_key_are_told(youtube: YouTubeServer) -> None:
    youtube.live = False
    with pytest.raises(LiveError, match="not live"):
        async with on_youtube(youtube, []).connect():
            pass
    with pytest.raises(LiveError, match=r"live_config\.youtube\.api_key"):
        async with on_youtube(youtube, [], key="").connect():
            pass


async def test_odd_pages_are_passed_over(youtube: YouTubeServer) -> None:
    youtube.pages = [
        page(token="1"),
        (200, {"items": "none", "pollingIntervalMillis": "soon"}),
        (200, {"items": [None, {}, {"snippet": {"type": "textMessageEvent"}}], "nextPageToken": 7}),
        page(("Bob", "Still there?")),
    ]
    async with on_youtube(youtube, []).connect() as messages:
        assert await some(messages, 1) == [("Bob", "Still there?")]


def test_the_room_of_the_stock_file_is_nobodys(tmp_path: Path) -> None:
    """It is an example, and who did not write it there is not to answer its viewers."""
    path = tmp_path / "conf.yaml"
    for rooms, sessdata, read in (
        ([1991478060], "", []),
        ([1991478060, 7, 7], "", [7]),
        ([1991478060], "of an account", [1991478060]),
    ):
        section = {"room_ids": rooms, "sessdata": sessdata}
        values = {**conf(), "live_config": {"bilibili_live": section}}
        path.write_text(yaml.safe_dump(values), "utf-8")
        loaded = load_config(path, environ={})
        names = [source.name for source in sources_of(loaded.config.live_config)]
        assert names == [f"Bilibili, room {room}" for room in read]
        told = [line for line in loaded.warnings if "room 1991478060 is an example" in line]
        assert len(told) == (1991478060 in rooms and 1991478060 not in read)
