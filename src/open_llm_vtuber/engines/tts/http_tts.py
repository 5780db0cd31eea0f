"""What the voices that are services have in common: an account, a request, sound as it comes."""

from __future__ import annotations

import ipaddress
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from urllib.parse import urlsplit

import orjson
from pydantic import AfterValidator, ConfigDict

from ...audio import Pcm
from ...faults import fault
from ...http_errors import error_text
from ...http_settings import is_address
from ...stream_decoding import INLINE_BYTES, SoundStream
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


def with_scheme(url: str) -> str:
    """Return an address of which http:// may have been forgotten. Raises ValueError.

    What is not a name of the Internet is a server of one's own, which has no certificate.
    """
    url = url.strip()
    if "://" not in url:
        host = url.partition("/")[0].partition(":")[0]
        url = f"{'http' if _is_near(host) else 'https'}://{url}"
    if not is_address(url):
        raise ValueError("expected an address such as http://localhost:8880/v1")
    return url


def _is_near(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith(".local")
    return True


Address = Annotated[str, AfterValidator(with_scheme)]
"""A key that names where a service is."""


class HttpTTS(HttpEngine[ConfigT], TTSEngine[ConfigT]):
    """A voice that is asked over HTTP, a sentence a request.

    A class of it says besides how (`synthesize`, which is `_sound` for most).
    """

    streams = True
    concurrency = 2
    sample_rate = 24_000
    section = "tts_config"

    async def _connect(self, resources: Resources) -> None:
        if resources.offline and not _is_near(urlsplit(self._service().url).hostname or ""):
            raise EngineError(f"{self.name} speaks through an online service; this is --offline.")
        await super()._connect(resources)

    async def voices(self) -> Sequence[VoiceInfo]:
        """Ask for the voices, of a service that lists them. Raises EngineError."""
        try:
            return await self._voices()
        except (AttributeError, LookupError, TypeError) as error:
            raise self._odd("a list of voices that cannot be read") from error

    async def _voices(self) -> Sequence[VoiceInfo]:
        """Return what `voices` does.

        Raises EngineError; AttributeError, LookupError or TypeError over a list of another form.
        """
        return ()

    async def _sound(
        self, method: str, path: str, *, raw_rate: int = 0, **request: Any
    ) -> AsyncGenerator[Pcm, None]:
        """Yield the sound that a request is answered with. Raises EngineError.

        `raw_rate` is that of 16-bit samples, where they come without a header.
        """
        async with self._http.stream(method, path, **request) as response:
            await self._check(response)
            async with aclosing(self._decoded(response.aiter_bytes(), raw_rate)) as sound:
                async for pcm in sound:
                    yield pcm

    async def _decoded(
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
            text = f"{self._http.service.whereabouts}: {error}."
            raise EngineError(text, fault("service-failed")) from error

    async def _events(
        self, method: str, path: str, **request: Any
    ) -> AsyncGenerator[tuple[str, Any], None]:
        """Yield the events that a request is answered with: name and JSON. Raises EngineError."""
        async with self._http.stream(method, path, **request) as response:
            await self._check(response, sound="text/event-stream")
            async for name, data in server_sent(response.aiter_bytes()):
                try:
                    yield name, orjson.loads(data)
                except orjson.JSONDecodeError as error:
                    raise self._odd("events that cannot be read") from error

    async def _json(self, method: str, path: str, **request: Any) -> Any:
        """Return the JSON that a request is answered with. Raises EngineError."""
        try:
            return orjson.loads(await self._http.request(method, path, **request))
        except orjson.JSONDecodeError as error:
            raise self._odd("what is no JSON") from error

    async def _check(self, response: httpx.Response, sound: str = "") -> None:
        """Raise EngineError where the answer is a text although its status is good."""
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == sound or not kind.startswith(("application/json", "text/")):
            return
        said = b""
        async for piece in response.aiter_bytes():
            said = (said + piece)[:QUOTED_BYTES]
            if len(said) == QUOTED_BYTES:
                break
        raise self._said_instead(said)

    def _said_instead(self, said: bytes) -> EngineError:
        """Return what a text means that came instead of sound."""
        words = self._http.service.without_secrets(error_text(said))
        return self._odd(f"no sound, and says: {words}" if words else "no sound, but a text")

    def _odd(self, what: str) -> EngineError:
        text = f"{self._http.service.whereabouts} sent {what}."
        return EngineError(text, fault("service-failed"))


def listed(found: Any, *keys: str) -> Sequence[Mapping[str, Any]]:
    """Return the objects in the lists that an answer has under `keys`, whatever else it has."""
    lists = [found.get(key) for key in keys] if isinstance(found, dict) and keys else [found]
    return [
        one for some in lists if isinstance(some, list) for one in some if isinstance(one, dict)
    ]
