"""Deepgram: follows who speaks over a WebSocket; recordings in one request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import orjson
from loguru import logger
from pydantic import Field
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from ...audio import MIC_RATE, Pcm, to_pcm16
from ...faults import fault
from ...http_errors import Service
from ...values import HARMLESS
from ..about import About
from ..account import Address
from ..base import EngineConfig, EngineError
from ..web_socket import dial
from .http_asr import HttpASR, text_of

SILENCE_S = 20.0
"""How long it may take to say the rest, once all was said to it."""


class DeepgramConfig(EngineConfig):
    """Keys of the section `deepgram_asr`."""

    api_key: str = Field("", repr=False, description="Your Deepgram API key.")
    model: str = Field(
        "nova-3", json_schema_extra=HARMLESS, description="One of Deepgram's models."
    )
    language: str = Field(
        "multi",
        json_schema_extra=HARMLESS,
        description="Such as en or de; multi: any of those that the model detects.",
    )
    base_url: Address = Field("https://api.deepgram.com", description="The address of the API.")


class DeepgramASR(HttpASR[DeepgramConfig]):
    """Deepgram; what was heard so far is shown while one speaks."""

    name: ClassVar[str] = "deepgram_asr"
    about = About("service", "over 40", "terms of Deepgram", tested="with a stand-in")
    Config = DeepgramConfig
    streams = True
    path: ClassVar[str] = "v1/listen"

    def __init__(self, config: DeepgramConfig) -> None:
        super().__init__(config)
        self._asked = {
            "model": config.model,
            "language": config.language,
            "smart_format": "true",
        }
        self._open: set[ClientConnection] = set()

    async def follow(self, sound: AsyncGenerator[Pcm, None]) -> AsyncGenerator[str, None]:
        """Yield what was heard so far whenever that changes, and at the end. Raises EngineError."""
        said, shown = "", ""
        async with self._connected() as socket:
            sending = asyncio.create_task(_send(socket, sound))
            try:
                async for message in _answers(socket, sending):
                    result = self._result(message)
                    if result is None:
                        continue
                    heard, final = result
                    words = f"{said} {heard}".strip()
                    said = words if final else said
                    if words != shown:
                        shown = words
                        yield words
                await sending
            except (ConnectionClosed, asyncio.TimeoutError) as error:
                if socket not in self._open:
                    raise self._gone() from error
                told = self.http.service.failed(error, answering=True)
                raise EngineError(*told) from error
            finally:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)
        yield said

    async def close(self) -> None:
        """Close the connections."""
        closing = list(self._open)
        self._open.clear()
        await asyncio.gather(*(socket.close() for socket in closing))
        await super().close()

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[ClientConnection]:
        service = self.http.service
        asked = {
            **self._asked,
            "encoding": "linear16",
            "sample_rate": MIC_RATE,
            "channels": 1,
            "interim_results": "true",
        }
        socket = await dial(self, service, "/v1/listen", asked, headers=self.headers())
        self._open.add(socket)
        try:
            yield socket
        finally:
            self._open.discard(socket)
            await socket.close()

    def _result(self, message: str | bytes) -> tuple[str, bool] | None:
        """Return what a message has heard, if it is of that, and whether it stays.

        Raises EngineError.
        """
        try:
            found = orjson.loads(message)
            if found["type"] == "Error":
                said = self.http.service.without_secrets(str(found.get("description", "")))
                raise EngineError(
                    f"{self.http.service.whereabouts} failed. It says: {said}",
                    fault("service-failed"),
                )
            if found["type"] != "Results":
                return None
            heard = text_of(found["channel"]["alternatives"][0]["transcript"])
            return heard, found.get("is_final") is True
        except (ValueError, TypeError, LookupError) as error:
            logger.debug("deepgram_asr: a message that is none: {!r}", error)
            raise EngineError(
                f"{self.http.service.whereabouts} sent an answer that is no transcript.",
                fault("service-failed"),
            ) from error

    needed: ClassVar = {"api_key": "https://console.deepgram.com has it"}

    def service(self) -> Service:
        """Return who is asked."""
        return self.keyed_service(
            "Deepgram",
            self.config.base_url,
            self.config.api_key,
            not_found="has no such model",
        )

    def headers(self) -> dict[str, str]:
        """Return what every request says."""
        return {"Authorization": f"Token {self.config.api_key.strip()}"}

    def request(self, wav: bytes) -> dict[str, Any]:
        """Return what a request for the words of a WAV file has."""
        return {"params": self._asked, "content": wav, "headers": {"Content-Type": "audio/wav"}}

    def words(self, answer: Any) -> str:
        """Return the words of an answer."""
        return text_of(answer["results"]["channels"][0]["alternatives"][0]["transcript"])


async def _send(socket: ClientConnection, sound: AsyncGenerator[Pcm, None]) -> None:
    async for piece in sound:
        await socket.send(to_pcm16(piece).tobytes())
    await socket.send('{"type":"CloseStream"}')


async def _answers(
    socket: ClientConnection, sending: asyncio.Task[None]
) -> AsyncIterator[str | bytes]:
    """Yield messages until the service, having heard all, closes.

    Raises ConnectionClosed if it closes before, TimeoutError if it does not say the rest.
    """
    while True:
        receiving = asyncio.ensure_future(socket.recv())
        try:
            if not sending.done():
                await asyncio.wait([receiving, sending], return_when=asyncio.FIRST_COMPLETED)
            if sending.done() and not receiving.done():
                sending.result()  # raises what kept it from saying all
            yield await asyncio.wait_for(receiving, SILENCE_S if sending.done() else None)
        except ConnectionClosed:
            if sending.done() and not sending.cancelled() and sending.exception() is None:
                return
            raise
        finally:
            receiving.cancel()
