"""What one hostile or careless client does to a server; each attack ends by itself.

`python -m bench.attacks NAME URL`, with the address of /client-ws; `bench.abuse` runs each so, in a
process of its own, beside people who only want to talk. An attack goes on until it has done all it
does. What the server refuses is no fault of the attack: a closed connection, an error, a status of
4xx.
"""

from __future__ import annotations

import asyncio
import base64
import io
import os
import struct
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, suppress
from urllib.parse import urlsplit

import httpx
import numpy as np
import orjson
import soundfile
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from bench.harness import socket_to
from bench.spoken_turn import SPEECH
from open_llm_vtuber.audio import MIC_RATE, Pcm, wav_bytes

Attack = Callable[[str], Coroutine[None, None, None]]

REFUSED = (OSError, ConnectionClosed, InvalidHandshake, httpx.HTTPError, EOFError)


def _http(url: str) -> str:
    return "http" + url.removeprefix("ws").removesuffix("/client-ws")


def _text(kind: str, **fields: object) -> str:
    return orjson.dumps({"type": kind, **fields}).decode()


async def never_reading(url: str) -> None:
    """Ten clients ask for long answers and never read one byte of them."""
    async with AsyncExitStack() as stack:
        for _ in range(10):
            _, writer = await _upgraded(url, rcvbuf=4096)
            stack.callback(writer.close)
            for _ in range(4):
                question = "Tell me a very long story, in a hundred sentences."
                writer.write(_frame(1, _text("text-input", text=question, images=[]).encode()))
        await asyncio.sleep(20)


async def long_recordings(url: str) -> None:
    """One recording of 590 s of speech for /asr."""
    pcm: Pcm = soundfile.read(SPEECH / "human_jfk.wav", dtype="float32")[0]
    whole = np.resize(pcm, 590 * MIC_RATE)
    async with httpx.AsyncClient(timeout=300) as client:
        await client.post(
            f"{_http(url)}/asr", files={"file": ("a.wav", wav_bytes(whole, MIC_RATE))}
        )


async def unfolding_files(url: str) -> None:
    """Eight small FLAC files at once, each of which unfolds to more than a gigabyte."""
    flac = io.BytesIO()
    with soundfile.SoundFile(flac, "w", 96_000, 8, "PCM_16", format="FLAC") as sound:
        for _ in range(590):
            sound.write(np.zeros((96_000, 8), np.int16))
    async with httpx.AsyncClient(timeout=120) as client:
        files = {"file": ("a.flac", flac.getvalue())}
        posts = (client.post(f"{_http(url)}/asr", files=files) for _ in range(8))
        await asyncio.gather(*posts, return_exceptions=True)


async def believed_headers(url: str) -> None:
    """WAV files whose headers tell of no sound, or of 2 GiB of it."""
    honest = wav_bytes(np.zeros(MIC_RATE, np.float32), MIC_RATE)
    async with httpx.AsyncClient(timeout=60) as client:
        for size in (0, 2**31, 2**32 - 1):
            lying = honest[:40] + struct.pack("<I", size) + honest[44:]
            await client.post(f"{_http(url)}/asr", files={"file": ("a.wav", lying)})


async def idle_connections(url: str) -> None:
    """1,100 TCP connections that say nothing."""
    await _hold(url, 1100, lambda: iter(()))


async def slow_headers(url: str) -> None:
    """500 requests that send one byte of a header each half second."""
    head = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + b"a" * 10_000
    await _hold(url, 500, lambda: (head[at : at + 1] for at in range(len(head))))


async def _hold(url: str, count: int, parts: Callable[[], Iterator[bytes]]) -> None:
    at = urlsplit(url)

    async def one() -> None:
        try:
            _, writer = await asyncio.open_connection(at.hostname, at.port)
            for part in parts():
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(0.5)
            await asyncio.sleep(15)
            writer.close()
        except REFUSED:
            return

    await asyncio.wait([asyncio.create_task(one()) for _ in range(count)], timeout=15)


async def tiny_fragments(url: str) -> None:
    """A message of 400,000 fragments of one byte, one of 400,000 empty ones."""
    for part in (b" ", b""):
        frames = _frame(1, b"{", final=False) + _frame(0, part, final=False) * 400_000
        await _raw(url, frames + _frame(0, b"}"))


async def pings(url: str) -> None:
    """300,000 pings, whose pongs are never read."""
    await _raw(url, _frame(9, b"") * 300_000)


async def heartbeats(url: str) -> None:
    """25,000 heartbeats at once."""
    await _raw(url, _frame(1, _text("heartbeat").encode()) * 25_000)


async def hard_texts(url: str) -> None:
    """Texts that a careless splitter reads again and again."""
    texts = ["... " * 5000, "(" * 19_000, "*a " * 6000, "[" * 19_000, "<a " * 6000, "a." * 9000]
    async with socket_to(url.replace("client-ws", "tts-ws")) as socket:
        for text in texts:
            await socket.send(orjson.dumps({"text": text}).decode())
        await asyncio.sleep(8)


async def tiny_recordings(url: str) -> None:
    """300,000 microphone messages of one sample each."""
    async with socket_to(url) as socket:
        reading = asyncio.create_task(_read(socket))
        message = _text("mic-audio-data", audio=[0.1])
        for _ in range(300_000):
            await socket.send(message)
        reading.cancel()


async def waiting_pictures(url: str) -> None:
    """Twenty messages with 15 MB of pictures each, sent while an answer is given, five times."""
    data = "data:image/jpeg;base64," + base64.b64encode(os.urandom(11 * 2**20)).decode()
    picture = {"source": "upload", "data": data, "mime_type": "image/jpeg"}
    message = _text("text-input", text="And this?", images=[picture])
    async with AsyncExitStack() as stack:
        for _ in range(5):
            socket = await stack.enter_async_context(socket_to(url))
            stack.callback(asyncio.create_task(_read(socket)).cancel)
            for _ in range(20):
                await socket.send(message)


async def history_requests(url: str) -> None:
    """20,000 questions to the database."""
    async with socket_to(url) as socket:
        reading = asyncio.create_task(_read(socket))
        for _ in range(20_000):
            await socket.send(_text("fetch-history-list"))
        reading.cancel()


async def _read(socket: object) -> None:
    async for _ in socket:  # type: ignore[attr-defined]
        pass


async def _raw(url: str, frames: bytes) -> None:
    _, writer = await _upgraded(url)
    for start in range(0, len(frames), 2**18):
        writer.write(frames[start : start + 2**18])
        try:
            await asyncio.wait_for(writer.drain(), 20)
        except TimeoutError:
            break
    writer.close()


async def _upgraded(
    url: str, rcvbuf: int = 2**16
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Return a connection that has become a WebSocket, read no further than that."""
    at = urlsplit(url)
    reader, writer = await asyncio.open_connection(at.hostname, at.port, limit=rcvbuf)
    writer.write(
        f"GET {at.path} HTTP/1.1\r\nHost: {at.netloc}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        "Sec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    await reader.readuntil(b"\r\n\r\n")
    return reader, writer


def _frame(opcode: int, payload: bytes, *, final: bool = True) -> bytes:
    """Return a masked frame (RFC 6455, section 5.2) whose mask is zero."""
    first, size = opcode | (0x80 if final else 0), len(payload)
    length = struct.pack("!B", 0x80 | size) if size < 126 else struct.pack("!BH", 0x80 | 126, size)
    return struct.pack("!B", first) + length + bytes(4) + payload


ATTACKS: dict[str, Attack] = {
    attack.__name__: attack
    for attack in (
        never_reading,
        long_recordings,
        unfolding_files,
        believed_headers,
        idle_connections,
        slow_headers,
        tiny_fragments,
        pings,
        heartbeats,
        hard_texts,
        tiny_recordings,
        waiting_pictures,
        history_requests,
    )
}


async def _main(attack: Attack, url: str) -> None:
    with suppress(*REFUSED):
        await attack(url)


if __name__ == "__main__":
    asyncio.run(_main(ATTACKS[sys.argv[1]], sys.argv[2]))
