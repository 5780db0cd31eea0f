"""LiveChat: what of the chats is handed on, and when."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from open_llm_vtuber.config.live import LiveConfig, TwitchLive
from open_llm_vtuber.live.chat import LiveChat
from open_llm_vtuber.live.source import ChatMessage, LiveError, LiveSource
from open_llm_vtuber.live.twitch import Twitch
from open_llm_vtuber.live.wire import MOST_AT_ONCE
from open_llm_vtuber.protocol.extra import ViewerMessage

from .platforms import TwitchServer, running

pytestmark = pytest.mark.anyio


class Hall:
    """A conversation that is idle when the test says so."""

    def __init__(self) -> None:
        self.free = asyncio.Event()
        self.said: asyncio.Queue[str] = asyncio.Queue()
        self.refuses = 0

    async def idle(self) -> None:
        await self.free.wait()

    def say_for_viewer(self, message: ViewerMessage) -> bool:
        if self.refuses:
            self.refuses -= 1
            return False
        self.free.clear()
        self.said.put_nowait(message.as_told)
        return True


class Scripted(LiveSource):
    """Fails to connect as it is told, then says what is put into it."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.tries = 0
        self.messages: asyncio.Queue[ChatMessage | LiveError] = asyncio.Queue()

    @property
    def name(self) -> str:
        return "the script"

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncIterator[ChatMessage]]:
        self.tries += 1
        if self.errors:
            raise self.errors.pop(0)
        yield self._read()

    async def _read(self) -> AsyncIterator[ChatMessage]:
        while True:
            one = await self.messages.get()
            if isinstance(one, LiveError):
                raise one
            yield one

    def say(self, text: str, author: str = "Bob") -> None:
        self.messages.put_nowait(ChatMessage("Script", author, text, 0.0))


@asynccontextmanager
async def listening(sources: Sequence[LiveSource], hall: Hall, **keys: Any) -> AsyncIterator[None]:
    chat = LiveChat(LiveConfig(pause_s=0, **keys), sources, hall, first_retry_s=0.001)
    task = asyncio.create_task(chat.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def heard(hall: Hall) -> str:
    return await asyncio.wait_for(hall.said.get(), 20)


async def test_one_message_is_handed_on_whenever_the_conversation_is_idle() -> None:
    hall, source = Hall(), Scripted()
    async with listening([source], hall, max_waiting=3):
        for number in range(10):
            source.say(f"Question {number}", f"viewer {number}")
        while source.messages.qsize():
            await asyncio.sleep(0)
        assert hall.said.empty()
        for number in (7, 8, 9):
            hall.free.set()
            assert await heard(hall) == f"viewer {number} in the chat says: Question {number}"
        assert hall.said.empty()


async def test_a_message_that_could_not_be_handed_on_waits() -> None:
    hall, source = Hall(), Scripted()
    hall.refuses = 3
    hall.free.set()
    async with listening([source], hall):
        source.say("Hello.")
        assert await heard(hall) == "Bob in the chat says: Hello."


async def test_a_chat_that_fails_is_told_once_and_costs_only_itself(logged: list[str]) -> None:
    hall, good = Hall(), Scripted()
    bad = Scripted(*[LiveError("It is gone.") for _ in range(5)], LiveError("No.", final=True))
    broken = Scripted(RuntimeError("a mistake"))
    hall.free.set()
    async with listening([bad, broken, good], hall):
        while bad.tries < 6:
            await asyncio.sleep(0.001)
        good.say("Hello.")
        assert await heard(hall) == "Bob in the chat says: Hello."
    assert bad.tries == 6
    assert broken.tries == 1
    assert sum(line.startswith("WARNING live chat: the script: It is") for line in logged) == 1
    assert sum(line.startswith("ERROR live chat: the script: No.") for line in logged) == 1
    assert sum("not listened to any more" in line for line in logged) == 1


async def test_it_comes_back_after_any_number_of_disconnects() -> None:
    hall, platform = Hall(), TwitchServer()
    async with running(platform):
        source = Twitch(TwitchLive(channel="ann", url=f"ws://127.0.0.1:{platform.port}"))
        async with listening([source], hall):
            for number in range(10):
                socket = await asyncio.wait_for(platform.came.get(), 20)
                await socket.send(platform.line("Bob", f"Hello {number}"))
                hall.free.set()
                assert await heard(hall) == f"Bob in the chat says: Hello {number}"
                await platform.cut()
    assert platform.connections >= 10


async def test_a_flood_over_a_socket_leaves_the_newest() -> None:
    hall, platform = Hall(), TwitchServer()
    async with running(platform):
        source = Twitch(TwitchLive(channel="ann", url=f"ws://127.0.0.1:{platform.port}"))
        async with listening([source], hall, max_waiting=20):
            socket = await asyncio.wait_for(platform.came.get(), 20)
            for start in range(0, 10_000, 100):
                lines = (platform.line(f"v{n}", f"Flood {n}") for n in range(start, start + 100))
                await socket.send("".join(lines))
            await socket.send("PING :done\r\n")
            while "PONG :done" not in platform.received:
                await asyncio.sleep(0.01)
            hall.free.set()
            assert await heard(hall) == "v9980 in the chat says: Flood 9980"


async def test_a_frame_of_very_many_messages_leaves_others_their_turn() -> None:
    """Counted in turns of the loop, which is what everybody who is connected waits for."""
    hall, platform = Hall(), TwitchServer()
    async with running(platform):
        source = Twitch(TwitchLive(channel="ann", url=f"ws://127.0.0.1:{platform.port}"))
        async with listening([source], hall, max_waiting=20):
            socket = await asyncio.wait_for(platform.came.get(), 20)
            lines = "".join(platform.line(f"v{n}", f"Flood {n}") for n in range(20_000))
            await socket.send(lines + "PING :done\r\n")
            turns_after_first = 0
            hall.free.set()
            await heard(hall)
            while "PONG :done" not in platform.received:
                turns_after_first += 1
                await asyncio.sleep(0)
            assert turns_after_first >= 20_000 / MOST_AT_ONCE - 10
