"""A stand-in for Microsoft Edge's voices: the same protocol, over TLS, behind an HTTP proxy."""

from __future__ import annotations

import asyncio
import io
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

import edge_tts.communicate
import edge_tts.voices
import numpy as np
import soundfile
import trustme
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from open_llm_vtuber.audio import Pcm
from tests.engines.http_server import proxy_to

HOST = "speech.platform.bing.com"
RATE = 24_000
PIECE = 720
"""How many bytes of MP3 the service sends at once."""

VOICES = [
    {
        "Name": f"Microsoft Server Speech Text to Speech Voice ({locale}, {name})",
        "ShortName": f"{locale}-{name}",
        "Gender": "Female",
        "Locale": locale,
        "SuggestedCodec": "audio-24khz-48kbitrate-mono-mp3",
        "FriendlyName": friendly,
        "Status": "GA",
        "VoiceTag": {"ContentCategories": ["General"], "VoicePersonalities": ["Lively"]},
    }
    for locale, name, friendly in (
        ("en-US", "AvaNeural", "Microsoft Ava Online (Natural) - English (United States)"),
        ("zh-CN", "XiaoyiNeural", "Microsoft Xiaoyi Online (Natural) - Chinese (Mainland)"),
    )
]
"""What it answers where its voices are asked for."""


@dataclass
class EdgeService:
    """A running stand-in; it says `speech` whatever it is asked to say."""

    speech: Pcm
    """16 kHz."""
    proxy: str = ""
    fault: str = ""
    sound: bytes = b""
    """What it sends as MP3 instead, if it is not empty."""
    words: list[tuple[int, str, float, float]] = field(default_factory=list)
    """Before which piece of the sound a word is told of, and when it begins and how long it takes,
    in seconds."""
    pace_s: float = 0.0
    """How long it takes for each piece."""
    pieces: int = 0
    """After so many it waits until it `goes_on`, if that is more than none."""
    goes_on: asyncio.Event = field(default_factory=asyncio.Event)
    answering: int = 0
    """Requests it is at work on, as far as it knows."""
    requests: list[str] = field(default_factory=list)
    """The SSML it was sent."""

    def mp3(self) -> bytes:
        times = np.arange(len(self.speech) * RATE // 16_000) * (16_000 / RATE)
        pcm = np.interp(times, np.arange(len(self.speech)), self.speech)
        file = io.BytesIO()
        soundfile.write(file, pcm, RATE, format="MP3")
        return file.getvalue()

    def greet(self, connection: ServerConnection, request: Request) -> Response | None:
        assert "trustedclienttoken=" in request.path.lower()
        if self.fault == "refused":
            return connection.respond(HTTPStatus.FORBIDDEN, "no")
        if "/voices/list" in request.path:
            return connection.respond(HTTPStatus.OK, json.dumps(VOICES))
        return None

    async def serve(self, socket: ServerConnection) -> None:
        self.answering += 1
        try:
            await self.speak(socket)
        finally:
            self.answering -= 1

    async def speak(self, socket: ServerConnection) -> None:
        settings = str(await socket.recv())
        assert "Path:speech.config" in settings
        assert '"wordBoundaryEnabled":"true"' in settings
        ssml = str(await socket.recv())
        assert "Path:ssml" in ssml
        self.requests.append(ssml.partition("\r\n\r\n")[2])
        await socket.send("X-RequestId:1\r\nPath:turn.start\r\n\r\n{}")
        if self.fault == "closed":
            return
        if self.fault == "garbled":
            await socket.send(b"\xff\xffnonsense")
            return
        mp3 = b"" if self.fault == "silent" else self.sound or self.mp3()
        header = b"X-RequestId:1\r\nContent-Type:audio/mpeg\r\nPath:audio\r\n"
        size = len(header).to_bytes(2, "big")
        for index, start in enumerate(range(0, len(mp3), PIECE)):
            await asyncio.sleep(self.pace_s)
            if index == self.pieces > 0:
                await self.goes_on.wait()
            if self.fault == "broken" and index == 5:
                return
            for word in self.words:
                if word[0] == index:
                    await socket.send(boundary(*word[1:]))
            await socket.send(size + header + mp3[start : start + PIECE])
        await socket.send("X-RequestId:1\r\nPath:turn.end\r\n\r\n{}")


def boundary(text: str, start_s: float, length_s: float) -> str:
    """Return the message that tells when a word is spoken."""
    about = {
        "Offset": round(start_s * 10_000_000),
        "Duration": round(length_s * 10_000_000),
        "text": {"Text": text, "Length": len(text), "BoundaryType": "WordBoundary"},
    }
    metadata = json.dumps({"Metadata": [{"Type": "WordBoundary", "Data": about}]})
    head = "X-RequestId:1\r\nContent-Type:application/json; charset=utf-8\r\nPath:audio.metadata"
    return f"{head}\r\n\r\n{metadata}"


def trusted_tls() -> ssl.SSLContext:
    """Return what a stand-in serves with; its certificate is trusted in this process from now."""
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(tls)
    # The package has no other way to trust a certificate.
    for module in (edge_tts.communicate, edge_tts.voices):
        authority.configure_trust(module._SSL_CTX)  # noqa: SLF001
    return tls


@asynccontextmanager
async def edge_service(speech: Pcm) -> AsyncIterator[EdgeService]:
    """Run the stand-in."""
    service = EdgeService(speech)
    async with serve(
        service.serve, "127.0.0.1", 0, ssl=trusted_tls(), process_request=service.greet
    ) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        async with proxy_to(port) as proxy:
            service.proxy = proxy.url
            yield service
            assert set(proxy.asked) <= {f"CONNECT {HOST}:443 HTTP/1.1"}, proxy.asked
