"""A service of voices on loopback: whatever a vendor answers, in pieces, and what may go wrong."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import soundfile
from aiohttp import web

from open_llm_vtuber.audio import Pcm, to_pcm16, wav_bytes
from open_llm_vtuber.engines.registry import find
from open_llm_vtuber.engines.tts.base import AnyTTS, TTSEngine
from open_llm_vtuber.weights.store import WeightStore
from tests.support.web_app import running

PIECE = 1500
"""How many bytes are sent at once: no multiple of a sample or of an MP3 frame."""
RATE = 24_000
PACED = 20
"""Of the pieces of an answer, so many take their time."""


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    route: str
    """Method and path."""
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


@dataclass(frozen=True)
class Sound:
    """An answer that is sound."""

    kind: str
    """Its content type."""
    data: bytes
    events: Callable[[list[bytes]], list[bytes]] = list
    """What is sent for its pieces."""


@dataclass(frozen=True)
class Vendor:
    """What is known of one service: from where, the row says."""

    engine: str
    keys: Mapping[str, object]
    """Its section of conf.yaml; {url} is where the service is."""
    speech: Mapping[str, Callable[[Asked, Pcm], Sound]]
    """By route, the answer to a request; what is said has 24 kHz."""
    request: Mapping[str, object]
    """What it is asked for "Hello." with those keys: `route`, `json` or `body`, `query`."""
    refusals: Mapping[str, tuple[int, object]]
    """Status and body: `key`, `limit` and `broken`."""
    key: tuple[str, str] | None = None
    """The header that has the key, and its value."""
    secret: str = ""
    """The key of the section that is it."""
    lists: Mapping[str, object] = field(default_factory=dict)
    """By route, the answers that list voices."""
    voices: tuple[object, ...] = ()
    """What is made of them, the first ones."""


def mp3(pcm: Pcm, rate: int = RATE) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, _at(pcm, rate), rate, format="MP3")
    return file.getvalue()


def samples(pcm: Pcm, rate: int = RATE) -> bytes:
    return to_pcm16(_at(pcm, rate)).tobytes()


def wav(pcm: Pcm, rate: int = RATE) -> bytes:
    return wav_bytes(_at(pcm, rate), rate)


def endless_wav(pcm: Pcm, rate: int = RATE) -> bytes:
    """A WAV file whose header was written before its length was known."""
    data = bytearray(wav(pcm, rate))
    data[40:44] = bytes(4)
    return bytes(data)


def _at(pcm: Pcm, rate: int) -> Pcm:
    times = np.arange(len(pcm) * rate // RATE) * (RATE / rate)
    resampled: Pcm = np.interp(times, np.arange(len(pcm)), pcm).astype(np.float32)
    return resampled


@dataclass
class VendorServer:
    """The running stand-in of one vendor; it says `speech` whatever it is asked to say."""

    vendor: Vendor
    speech: Pcm
    """24 kHz."""
    url: str = ""
    fault: str = ""
    """A refusal's name, or: page, breaks off, nothing."""
    pace_s: float = 0.0
    """How long it takes for each of the first pieces."""
    hold: asyncio.Event | None = None
    """What it waits for in the middle of its answer."""
    answering: int = 0
    asked: list[Asked] = field(default_factory=list)

    @property
    def section(self) -> dict[str, object]:
        return {
            key: value.format(url=self.url)
            if isinstance(value, str) and "{url}" in value
            else value
            for key, value in self.vendor.keys.items()
        }

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.answering += 1
        try:
            return await self._answer(request)
        finally:
            self.answering -= 1

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        route = f"{request.method} {request.rel_url.raw_path}"
        asked = Asked(route, dict(request.query), dict(request.headers), await request.read())
        self.asked.append(asked)
        vendor = self.vendor
        if self.fault in vendor.refusals:
            return _refusal(*vendor.refusals[self.fault])
        if vendor.key and request.headers.get(vendor.key[0]) != vendor.key[1]:
            return _refusal(*vendor.refusals["key"])
        listing = vendor.lists.get(f"{route}?{request.query_string}", vendor.lists.get(route))
        if listing is not None:
            return web.json_response(listing)
        if route not in vendor.speech:
            return web.json_response({"detail": "Not Found"}, status=404)
        if self.fault == "page":
            return web.Response(text="<html>maintenance</html>", content_type="text/html")
        return await self._speak(request, vendor.speech[route](asked, self.speech))

    async def _speak(self, request: web.Request, sound: Sound) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": sound.kind})
        await response.prepare(request)
        data = b"" if self.fault == "nothing" else sound.data
        pieces = sound.events([data[at : at + PIECE] for at in range(0, len(data), PIECE)])
        for index, piece in enumerate(pieces):
            if index < PACED:
                await asyncio.sleep(self.pace_s)
            if index == len(pieces) // 2:
                if self.hold:
                    await self.hold.wait()
                if self.fault == "breaks off":
                    assert request.transport
                    request.transport.abort()
            await response.write(piece)
        await response.write_eof()
        return response


def _refusal(status: int, body: object) -> web.Response:
    if isinstance(body, str):
        return web.Response(text=body, status=status)
    return web.json_response(body, status=status)


@asynccontextmanager
async def vendor_server(vendor: Vendor, speech: Pcm) -> AsyncIterator[VendorServer]:
    """Run the stand-in of a vendor."""
    server = VendorServer(vendor, speech)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.answer)
    async with running(app) as server.url:
        yield server
        if server.hold:
            server.hold.set()


async def opened(server: VendorServer, folder: Path, **keys: Any) -> AnyTTS:
    """Return the voice that asks a stand-in, loaded; `folder` is that of conf.yaml."""
    engine_class = find("tts", server.vendor.engine)
    engine = engine_class(engine_class.Config.model_validate({**server.section, **keys}))
    assert isinstance(engine, TTSEngine)
    await engine.run(engine.import_packages)
    await engine.load(WeightStore(folder / "models"))
    return engine
