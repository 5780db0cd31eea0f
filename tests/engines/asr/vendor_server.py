"""The transcription services as a local server that speaks their documented APIs.

* OpenAI, and Groq, whose API is the same: the `openai` package (`types/audio/transcription*.py`,
  `resources/audio/transcriptions.py`) has the form and the answer.
* Azure's fast transcription, version 2024-11-15: learn.microsoft.com/azure/ai-services/
  speech-service/fast-transcription-create.
* Deepgram: the `deepgram-sdk` package, 7.17 (`listen/v1`): recordings are the body of a request; in
  a stream sound is binary, `CloseStream` ends it, and the service closes when it has said the rest.
"""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import soundfile
from aiohttp import BodyPartReader, WSMsgType, web

from tests.support.web_app import running

KEY = "sk-secret-1234567890"
HEARD = "Go forward ten meters."


@dataclass
class Asked:
    """One request."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    fields: dict[str, str]
    seconds: float
    """Of the sound that came with it, 16 kHz."""


@dataclass
class Vendor:
    """All of them; what is said in loud sound is always the same."""

    url: str = ""
    status: int = 200
    body: bytes | None = None
    """What it answers instead."""
    pace_s: float = 0.0
    answering: int = 0
    asked: list[Asked] = field(default_factory=list)
    breaks: str = ""
    """What a stream does in its middle: "closes", "error", "malformed"."""
    closed_streams: int = 0

    async def transcriptions(self, request: web.Request) -> web.Response:
        wav, fields = await _form(request, "file")
        return await self._answer(request, wav, fields, lambda text: {"text": text})

    async def fast(self, request: web.Request) -> web.Response:
        wav, fields = await _form(request, "audio")
        return await self._answer(
            request,
            wav,
            fields,
            lambda text: {
                "durationMilliseconds": 2786,
                "combinedPhrases": [{"text": text}] if text else [],
                "phrases": [],
            },
        )

    async def listen(self, request: web.Request) -> web.StreamResponse:
        if request.method == "GET":
            return await self._stream(request)
        wav = await request.read()
        return await self._answer(request, wav, {}, lambda text: _results(text, "results"))

    async def _answer(
        self, request: web.Request, wav: bytes, fields: dict[str, str], shape: Any
    ) -> web.Response:
        pcm, rate = soundfile.read(io.BytesIO(wav), dtype="float32")
        assert rate == 16_000
        self._note(request, fields, len(pcm) / rate)
        self.answering += 1
        try:
            await asyncio.sleep(self.pace_s)
        finally:
            self.answering -= 1
        if self.status != 200:
            said = {"error": {"message": f"no luck with {KEY}"}}
            return web.json_response(said, status=self.status)
        if self.body is not None:
            return web.Response(body=self.body, content_type="application/json")
        return web.json_response(shape(HEARD if np.abs(pcm).max() > 0.01 else ""))

    def _note(self, request: web.Request, fields: dict[str, str], seconds: float) -> None:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.asked.append(
            Asked(request.path, dict(request.query), headers, fields, seconds),
        )

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        if self.status != 200:
            said = {"err_code": "INVALID_AUTH", "err_msg": "no", "request_id": "1"}
            return web.json_response(said, status=self.status)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        words, samples = HEARD.split(), 0
        self._note(request, {}, 0.0)
        self.answering += 1
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    assert json.loads(message.data) == {"type": "CloseStream"}
                    break
                before, samples = samples, samples + len(message.data) // 2
                if self.breaks and samples >= 8000:
                    return await self._break(socket)
                if before // 8000 != samples // 8000:  # each half a second
                    so_far = " ".join(words[: samples // 8000])
                    await socket.send_json(_results(so_far, "channel", is_final=False))
            else:
                self.closed_streams += 1
                return socket
            self.asked[-1].seconds = samples / 16_000
            await socket.send_json({"type": "SpeechStarted", "channel": [0], "timestamp": 0.0})
            for part in (words[:2], words[2:]):
                await socket.send_json(_results(" ".join(part), "channel", is_final=True))
            await socket.send_json({"type": "Metadata", "duration": samples / 16_000})
            await socket.close()
        finally:
            self.answering -= 1
        return socket

    async def _break(self, socket: web.WebSocketResponse) -> web.WebSocketResponse:
        if self.breaks == "error":
            said = {"type": "Error", "description": f"no luck with {KEY}", "variant": "x"}
            await socket.send_json(said)
        elif self.breaks == "malformed":
            await socket.send_str("{}")
        else:
            await socket.close(code=1011, message=b"NET-0001")
        return socket


async def _form(request: web.Request, sound: str) -> tuple[bytes, dict[str, str]]:
    """Return the file called `sound` of a form, and its other fields."""
    wav, fields = b"", {}
    form = await request.multipart()
    while part := await form.next():
        assert isinstance(part, BodyPartReader)
        assert part.name
        if part.name == sound:
            assert part.filename
            wav = bytes(await part.read())
        else:
            fields[part.name] = await part.text()
    return wav, fields


def _results(text: str, key: str, *, is_final: bool = True) -> dict[str, Any]:
    alternatives = {"alternatives": [{"transcript": text, "confidence": 0.9, "words": []}]}
    if key == "results":
        return {"metadata": {}, "results": {"channels": [alternatives]}}
    return {"type": "Results", "channel": alternatives, "is_final": is_final}


@asynccontextmanager
async def vendor_server() -> AsyncIterator[Vendor]:
    vendor = Vendor()
    app = web.Application(client_max_size=2**26)
    app.add_routes(
        [
            web.post("/v1/audio/transcriptions", vendor.transcriptions),
            web.post("/speechtotext/transcriptions:transcribe", vendor.fast),
            web.post("/v1/listen", vendor.listen),
            web.get("/v1/listen", vendor.listen),
        ]
    )
    async with running(app, shutdown_s=1.0) as vendor.url:
        yield vendor


def keys_of(url: str) -> dict[str, dict[str, Any]]:
    """Return the section of each engine that asks the server at `url`."""
    return {
        "openai_asr": {"base_url": f"{url}/v1", "api_key": KEY},
        "groq_whisper_asr": {"base_url": f"{url}/v1", "api_key": KEY},
        "azure_asr": {"endpoint": url, "api_key": KEY},
        "deepgram_asr": {"base_url": url, "api_key": KEY},
    }
