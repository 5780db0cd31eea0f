"""Microsoft Edge's online voices: many languages, no key, but the text leaves this computer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, contextmanager
from http import HTTPStatus
from math import ceil
from typing import TYPE_CHECKING, ClassVar

from loguru import logger

from ...audio import Pcm
from ...faults import fault
from ...http_errors import BROKE_OFF, Service
from ...http_settings import CONNECT_S, HttpSettingsError, proxy_for, usable_proxy
from ...stream_decoding import SoundStream
from ..about import About
from ..base import EngineConfig, EngineError, Resources, per_call
from .base import TTSEngine, VoiceInfo
from .scripts import scripts_of
from .speech import Speech, Word

if TYPE_CHECKING:
    import aiohttp
    from edge_tts.typing import TTSChunk

ADDRESS = "https://speech.platform.bing.com"
SILENCE_S = 10.0
"""How long the service may send nothing."""
TICKS = 10_000_000
"""In a second, as the service counts."""


class EdgeConfig(EngineConfig):
    """Keys of the section `edge_tts`."""

    voice: str = per_call(
        "en-US-AvaMultilingualNeural",
        description="`python run_server.py --voices` lists them while this voice is chosen.",
    )
    pitch: str = per_call(
        "+0Hz", pattern=r"^[+-]\d+Hz$", description="Higher or lower: +20Hz, -20Hz."
    )
    rate: str = per_call("+0%", pattern=r"^[+-]\d+%$", description="Faster or slower: +20%, -20%.")
    volume: str = per_call(
        "+0%", pattern=r"^[+-]\d+%$", description="Louder or softer: +20%, -20%."
    )
    proxy: str | None = per_call(
        None,
        description="An HTTP proxy through which the service is reached, http://host:port; unset, "
        "that of the environment (https_proxy).",
    )


def _others(voice: str) -> str:
    return (
        f"{voice} speaks one language. Choose a voice of the other, or a multilingual "
        "one (tts_config.edge_tts.voice in conf.yaml)."
    )


class EdgeTTS(TTSEngine[EdgeConfig]):
    """Each sentence is one request; the service answers with MP3 at 24 kHz."""

    name: ClassVar[str] = "edge_tts"
    about = About(
        "service", "over 70", "terms of Microsoft; LGPL-3.0 package", tested="with a stand-in"
    )
    Config = EdgeConfig
    requires: ClassVar = {"edge_tts": "", "av": ""}
    streams = True
    concurrency = 8
    sample_rate = 24_000

    def __init__(self, config: EdgeConfig) -> None:
        super().__init__(config)
        self.scripts = scripts_of(config.voice)
        self.other_voices = _others(config.voice)
        self._offline = False

    def with_config(self, config: EngineConfig) -> EdgeTTS:
        """Return this engine with the voice of another character."""
        view = super().with_config(config)
        view.scripts = scripts_of(view.config.voice)
        view.other_voices = _others(view.config.voice)
        return view

    async def load(self, resources: Resources) -> None:
        """Do nothing: the service is first asked when there is something to say.

        Without network the character is there all the same: its words are shown, not heard.
        """
        self._offline = resources.offline
        if self._offline:
            logger.warning("edge_tts speaks through an online service: --offline, words are shown.")

    async def voices(self) -> Sequence[VoiceInfo]:
        """Ask the service for its voices. Raises EngineError."""
        import anyio
        from edge_tts import list_voices

        service = self._service()
        with self._told(service), anyio.fail_after(SILENCE_S):
            found = await list_voices(proxy=service.proxy or None)
        return [
            VoiceInfo(
                voice["ShortName"],
                voice["FriendlyName"],
                (voice["Locale"],),
                voice["Gender"].lower(),
            )
            for voice in found
        ]

    async def synthesize(self, text: str) -> AsyncGenerator[Speech, None]:
        """Yield the speech for `text` as it comes, with its words. Raises EngineError."""
        import anyio
        from edge_tts import Communicate

        service, sound = self._service(), SoundStream(self.sample_rate)
        config = self.config
        with self._told(service):
            speech = Communicate(
                text,
                config.voice,
                rate=config.rate,
                volume=config.volume,
                pitch=config.pitch,
                boundary="WordBoundary",
                proxy=service.proxy or None,
                connect_timeout=ceil(CONNECT_S),
                receive_timeout=ceil(SILENCE_S),
            )
        answering, received = False, 0
        words: list[Word] = []  # they come before the sound in which they are
        async with aclosing(speech.stream()) as pieces:
            while True:
                with self._told(service, answering=answering), anyio.fail_after(SILENCE_S):
                    piece = await anext(pieces, None)
                answering = True
                if piece and piece["type"] != "audio":
                    words.append(_word(piece))
                    continue
                mp3 = piece["data"] if piece else None
                # The package ends alike when all was sent and when the connection was closed
                # before; only of what was sent to its end it counts the bytes.
                if mp3 is None and speech.state["cumulative_audio_bytes"] != received:
                    raise EngineError(
                        f"{service.whereabouts} {BROKE_OFF}.", fault("service-failed")
                    )
                received += len(mp3 or b"")
                # A piece is 0.12 s: decoding it takes less than to hand it to a thread.
                pcm = self._decoded(sound, mp3)
                if len(pcm):
                    yield Speech(pcm, tuple(words))
                    words.clear()
                if mp3 is None:
                    return

    @contextmanager
    def _told(self, service: Service, *, answering: bool = False) -> Iterator[None]:
        """Have what goes wrong with the service be an EngineError."""
        import aiohttp
        from edge_tts.exceptions import EdgeTTSException

        try:
            yield
        except aiohttp.ClientError as error:
            if not (status := _refusal(error)):
                raise EngineError(*service.failed(error, answering=answering)) from error
            told = service.refused(status)
            raise EngineError(
                f"edge_tts: the online voice did not answer. {told.text}", told.fault
            ) from error
        except (OSError, asyncio.TimeoutError) as error:
            raise EngineError(*service.failed(error, answering=answering)) from error
        except (EdgeTTSException, ValueError, LookupError) as error:
            raise EngineError(
                "edge_tts: the online voice did not answer. Is this computer online, and is the "
                f"voice {self.config.voice!r} right?"
            ) from error

    def _service(self) -> Service:
        """Return whom we ask, and through which proxy. Raises EngineError, also when offline."""
        if self._offline:
            raise EngineError("edge_tts speaks through an online service; this is --offline.")
        try:
            if self.config.proxy:
                proxy = usable_proxy(self.config.proxy, "tts_config.edge_tts.proxy")
            else:
                proxy = proxy_for(ADDRESS)
        except HttpSettingsError as error:
            raise EngineError(str(error)) from error
        # The package has its own list of authorities, and no way to another.
        return Service("The online voice", ADDRESS, proxy=proxy, trusts_environment=False)

    @staticmethod
    def _decoded(sound: SoundStream, mp3: bytes | None) -> Pcm:
        try:
            return sound.end() if mp3 is None else sound.feed(mp3)
        except ValueError as error:
            raise EngineError(f"edge_tts: {error}.") from error


def _refusal(error: aiohttp.ClientError) -> int:
    """Return the status with which the service refused; 0 where it is another trouble."""
    import aiohttp

    if not isinstance(error, aiohttp.ClientResponseError):
        return 0
    # aiohttp gives a status to redirects without end, and 400 to what is no HTTP.
    said = error.status in (401, 403, 404, 429) or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return error.status if said or isinstance(error, aiohttp.WSServerHandshakeError) else 0


def _word(boundary: TTSChunk) -> Word:
    start = boundary["offset"]
    return Word(boundary["text"], start / TICKS, (start + boundary["duration"]) / TICKS)
