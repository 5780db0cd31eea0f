"""However much comes in one read: after a little of it others have their turn."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.frames import Frame, Opcode

from open_llm_vtuber.config import Limits
from open_llm_vtuber.web.http_protocol import SLICE_BYTES, HttpProtocol, ServerConfig
from open_llm_vtuber.web.oversize import BYTES_A_STEP, STEPS_A_TURN, TOO_LARGE, OversizeProtocol

READ_BYTES = 256 * 2**10
"""What asyncio reads at once."""
HANDSHAKE = (
    b"GET /client-ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


class Wire(asyncio.Transport):
    """A transport whose other end is the test."""

    def __init__(self) -> None:
        super().__init__()
        self.protocol: asyncio.Protocol | None = None
        self.written: list[bytes] = []
        self.reading = True
        self.closed = False

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        assert isinstance(protocol, asyncio.Protocol)
        self.protocol = protocol

    def get_protocol(self) -> asyncio.BaseProtocol:
        assert self.protocol
        return self.protocol

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        pass

    def get_write_buffer_size(self) -> int:
        return 0

    def write(self, data: bytes | bytearray | memoryview[Any]) -> None:
        self.written.append(bytes(data))

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    abort = close

    async def bring(self, data: bytes) -> None:
        """Deliver `data` as asyncio does: no more at once than it reads, none while paused."""
        for start in range(0, len(data), READ_BYTES):
            while not self.reading:
                await asyncio.sleep(0)
            assert self.protocol
            self.protocol.data_received(data[start : start + READ_BYTES])


class Turns:
    """Counts the turns of the event loop."""

    def __init__(self) -> None:
        self.now = 0
        self.work: Counter[int] = Counter()
        self._count()

    def _count(self) -> None:
        self.now += 1
        asyncio.get_running_loop().call_soon(self._count)


class App:
    """Takes what comes on a socket, as fast as it comes, or not at all before `taking` is set."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.taking = asyncio.Event()
        self.taking.set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            while (await receive())["more_body"]:
                pass
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body"})
            return
        await receive()
        await send({"type": "websocket.accept"})
        while True:
            await self.taking.wait()
            event = await receive()
            self.events.append(event)
            if event["type"] == "websocket.disconnect":
                return


def served(app: App, limits: Limits, **options: Any) -> tuple[Wire, HttpProtocol]:
    options |= {"ws": OversizeProtocol, "ws_per_message_deflate": False}
    config = ServerConfig(app, limits, **options)
    config.load()
    wire = Wire()
    protocol = HttpProtocol(config=config, server_state=ServerState(), app_state={})
    wire.set_protocol(protocol)
    protocol.connection_made(wire)
    return wire, protocol


async def connected(app: App, limits: Limits | None = None, **options: Any) -> Wire:
    wire, _ = served(app, limits or Limits(), **options)
    await wire.bring(HANDSHAKE)
    while not any(b"101 Switching" in one for one in wire.written):
        await asyncio.sleep(0)
    wire.written.clear()
    return wire


def frame(opcode: Opcode, data: bytes = b"", *, fin: bool = True) -> bytes:
    return Frame(opcode, data, fin).serialize(mask=True)


def counted(monkeypatch: pytest.MonkeyPatch, kind: type, turns: Turns) -> None:
    """Count how often a protocol of uvicorn is handed bytes, by the turn of the loop."""
    original = kind.data_received  # type: ignore[attr-defined]

    def data_received(self: object, data: bytes) -> None:
        turns.work[turns.now] += 1
        original(self, data)

    monkeypatch.setattr(kind, "data_received", data_received)


COUNT = 20_000


@pytest.mark.anyio
@pytest.mark.parametrize("content", [b"", b"a"], ids=["empty", "one byte"])
async def test_fragments(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    app, turns = App(), Turns()
    wire = await connected(app, Limits(max_message_frames=10**6))
    counted(monkeypatch, WebSocketsSansIOProtocol, turns)
    part = frame(Opcode.CONT, content, fin=False)
    await wire.bring(frame(Opcode.TEXT, b"a", fin=False) + part * COUNT + frame(Opcode.CONT, b"z"))
    while not app.events:
        await asyncio.sleep(0)
    assert app.events == [
        {"type": "websocket.receive", "text": "a" + content.decode() * COUNT + "z"}
    ]
    assert max(turns.work.values()) <= STEPS_A_TURN
    assert sum(turns.work.values()) <= 2 * (COUNT + 2)


@pytest.mark.anyio
async def test_too_many_fragments_are_told_and_the_next_message_is_heard() -> None:
    app = App()
    wire = await connected(app)
    part = frame(Opcode.CONT, b"", fin=False)
    await wire.bring(frame(Opcode.TEXT, b"a", fin=False) + part * COUNT + frame(Opcode.CONT, b"z"))
    await wire.bring(frame(Opcode.TEXT, b"b"))
    while len(app.events) < 2:
        await asyncio.sleep(0)
    assert "max_message_frames" in str(app.events[0][TOO_LARGE])
    assert app.events[1]["text"] == "b"


@pytest.mark.anyio
async def test_pings(monkeypatch: pytest.MonkeyPatch) -> None:
    app, turns = App(), Turns()
    wire = await connected(app)
    counted(monkeypatch, WebSocketsSansIOProtocol, turns)
    await wire.bring(frame(Opcode.PING, b"x") * COUNT + frame(Opcode.TEXT, b"a"))
    while not app.events:
        await asyncio.sleep(0)
    assert len(wire.written) == COUNT
    assert max(turns.work.values()) <= STEPS_A_TURN


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("filling", "most"), [(0, STEPS_A_TURN // 2), (STEPS_A_TURN * BYTES_A_STEP, 1)]
)
async def test_messages(monkeypatch: pytest.MonkeyPatch, filling: int, most: int) -> None:
    """After a few small ones or one that is large it is the others' turn; none waits in a queue."""
    count = COUNT if not filling else 20
    app, turns = App(), Turns()
    wire = await connected(app)
    waiting: Counter[int] = Counter()
    put = asyncio.Queue.put_nowait

    def put_nowait(self: asyncio.Queue[Any], event: Any) -> None:
        turns.work[turns.now] += 1
        put(self, event)
        waiting[self.qsize()] += 1

    monkeypatch.setattr(asyncio.Queue, "put_nowait", put_nowait)
    await wire.bring(frame(Opcode.TEXT, b'{"type": "heartbeat"}' + b" " * filling) * count)
    while len(app.events) < count:
        await asyncio.sleep(0)
    assert max(turns.work.values()) <= most
    assert set(waiting) == {1}


@pytest.mark.anyio
async def test_an_application_that_takes_nothing_is_sent_nothing_more() -> None:
    app = App()
    wire = await connected(app)
    app.taking.clear()
    await wire.bring(frame(Opcode.TEXT, b"1") * 3)
    for _ in range(100):
        await asyncio.sleep(0)
    assert not wire.reading
    assert len(app.events) <= 1
    app.taking.set()
    while len(app.events) < 3:
        await asyncio.sleep(0)
    for _ in range(3):
        await asyncio.sleep(0)
    assert wire.reading


@pytest.mark.anyio
async def test_only_a_client_that_is_not_heard_is_closed() -> None:
    """A pong that waits behind what the application has not taken yet is not missing."""
    app = App()
    wire = await connected(app, ws_ping_interval=0.001, ws_ping_timeout=0.001)
    app.taking.clear()
    await wire.bring(frame(Opcode.TEXT, b"1") * 3)
    while sum(one[:1] == b"\x89" for one in wire.written) < 1:
        await asyncio.sleep(0.001)
    for _ in range(50):
        await asyncio.sleep(0.001)
    assert not wire.closed
    app.taking.set()
    while not wire.closed:
        await asyncio.sleep(0.001)
    assert b"keepalive" in wire.written[-1]


@pytest.mark.anyio
async def test_who_takes_no_pongs_is_kept_one() -> None:
    app = App()
    wire = await connected(app)
    protocol = wire.protocol
    assert protocol
    protocol.pause_writing()
    for number in range(COUNT):
        await wire.bring(frame(Opcode.PING, str(number).encode()))
    assert wire.written == []
    protocol.resume_writing()
    assert wire.written == [Frame(Opcode.PONG, str(COUNT - 1).encode()).serialize(mask=False)]


@pytest.mark.anyio
async def test_frames_that_came_with_the_handshake_are_filtered_too() -> None:
    app = App()
    wire, _ = served(app, Limits(max_message_bytes=10))
    await wire.bring(HANDSHAKE)
    await wire.bring(frame(Opcode.TEXT, b"a" * 11) + frame(Opcode.TEXT, b"b"))
    while len(app.events) < 2:
        await asyncio.sleep(0)
    assert "max_message_bytes" in str(app.events[0][TOO_LARGE])
    assert app.events[1]["text"] == "b"


@pytest.mark.anyio
async def test_chunks_of_a_body(monkeypatch: pytest.MonkeyPatch) -> None:
    app, turns = App(), Turns()
    wire, _ = served(app, Limits())
    counted(monkeypatch, H11Protocol, turns)
    head = b"POST /asr HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    body = b"1\r\na\r\n" * COUNT
    await wire.bring(head + body + b"0\r\n\r\n")
    while not wire.written:
        await asyncio.sleep(0)
    assert b"204" in wire.written[0]
    assert max(turns.work.values()) == 1
    assert sum(turns.work.values()) >= len(body) / SLICE_BYTES
