"""What the voices that are services have in common: an account, a request, sound as it comes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, TypeVar

import orjson
from pydantic import ConfigDict

from ...audio import Pcm
from ...faults import fault
from ...http_errors import error_text
from ...stream_decoding import INLINE_BYTES, SoundStream
from ..account import is_nearby
from ..base import EngineConfig, EngineError, Resources
from ..http_client import QUOTED_BYTES
from ..http_engine import HttpEngine
from ..server_sent import server_sent
from .base import TTSEngine, VoiceInfo

if TYPE_CHECKING:
    import httpx


class HttpTTSConfig(EngineConfig):
    """A section of one of them; what is a text may be written as a number."""

    model_config = ConfigDict(coerce_numbers_to_str=True)


ConfigT = TypeVar("ConfigT", bound=HttpTTSConfig)


class HttpTTS(HttpEngine[ConfigT], TTSEngine[ConfigT]):
    """A voice that is asked over HTTP, a sentence a request.

    A class of it says besides how (`synthesize`, which is `ask_sound` for most).
    """

    streams = True
    concurrency = 2
    sample_rate = 24_000
    section = "tts_config"

    async def open_account(self, resources: Resources) -> None:
        """Open the account. Raises EngineError."""
        if resources.offline and not is_nearby(self.service().url):
            raise EngineError(f"{self.name} speaks through an online service; this is --offline.")
        await super().open_account(resources)

    async def voices(self) -> Sequence[VoiceInfo]:
        """Ask for the voices, of a service that lists them. Raises EngineError."""
        try:
            return await self.list_voices()
        except (AttributeError, LookupError, TypeError) as error:
            raise self.odd_answer("a list of voices that cannot be read") from error

    async def list_voices(self) -> Sequence[VoiceInfo]:
        """Return what `voices` does.

        Raises EngineError; AttributeError, LookupError or TypeError over a list of another form.
        """
        return ()

    async def ask_sound(
        self, method: str, path: str, *, raw_rate: int = 0, **request: Any
    ) -> AsyncGenerator[Pcm, None]:
        """Yield the sound that a request is answered with. Raises EngineError.

        `raw_rate` is that of 16-bit samples, where they come without a header.
        """
        async with self.http.stream(method, path, **request) as response:
            await self.check_answer(response)
            async with aclosing(self.decoded(response.aiter_bytes(), raw_rate)) as sound:
                async for pcm in sound:
                    yield pcm

    async def decoded(
        self, pieces: AsyncIterator[bytes], raw_rate: int = 0
    ) -> AsyncGenerator[Pcm, None]:
        """Yield the sound that bytes are, as they come. Raises EngineError."""
        sound = SoundStream(self.sample_rate, raw_rate=raw_rate)
        try:
            async for piece in pieces:
                quick = raw_rate or len(piece) <= INLINE_BYTES
                pcm = sound.feed(piece) if quick else await self.run(sound.feed, piece)
                if len(pcm):
                    yield pcm
            if len(pcm := await self.run(sound.end)):
                yield pcm
        except ValueError as error:
            text = f"{self.http.service.whereabouts}: {error}."
            raise EngineError(text, fault("service-failed")) from error

    async def ask_events(
        self, method: str, path: str, **request: Any
    ) -> AsyncGenerator[tuple[str, Any], None]:
        """Yield the events that a request is answered with: name and JSON. Raises EngineError."""
        async with self.http.stream(method, path, **request) as response:
            await self.check_answer(response, sound="text/event-stream")
            async for name, data in server_sent(response.aiter_bytes()):
                try:
                    yield name, orjson.loads(data)
                except orjson.JSONDecodeError as error:
                    raise self.odd_answer("events that cannot be read") from error

    async def ask_json(self, method: str, path: str, **request: Any) -> Any:
        """Return the JSON that a request is answered with. Raises EngineError."""
        try:
            return orjson.loads(await self.http.request(method, path, **request))
        except orjson.JSONDecodeError as error:
            raise self.odd_answer("what is no JSON") from error

    async def check_answer(self, response: httpx.Response, sound: str = "") -> None:
        """Raise EngineError where the answer is a text although its status is good."""
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == sound or not kind.startswith(("application/json", "text/")):
            return
        said = b""
        async for piece in response.aiter_bytes():
            said = (said + piece)[:QUOTED_BYTES]
            if len(said) == QUOTED_BYTES:
                break
        raise self.said_instead(said)

    def said_instead(self, said: bytes) -> EngineError:
        """Return what a text means that came instead of sound."""
        words = self.http.service.without_secrets(error_text(said))
        return self.odd_answer(f"no sound, and says: {words}" if words else "no sound, but a text")

    def odd_answer(self, what: str) -> EngineError:
        """Return what is told of an answer that has another form."""
        text = f"{self.http.service.whereabouts} sent {what}."
        return EngineError(text, fault("service-failed"))


def listed(found: Any, *keys: str) -> Sequence[Mapping[str, Any]]:
    """Return the objects in the lists that an answer has under `keys`, whatever else it has."""
    lists = [found.get(key) for key in keys] if isinstance(found, dict) and keys else [found]
    return [
        one for some in lists if isinstance(some, list) for one in some if isinstance(one, dict)
    ]
