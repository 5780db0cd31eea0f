"""Microsoft Edge's online voices: many languages, no key, but the text leaves this computer."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncGenerator
from math import ceil
from typing import ClassVar

from loguru import logger

from ...audio import Pcm
from ...decoding import decoded
from ...http_errors import Service
from ...http_settings import CONNECT_S, HttpSettingsError, proxy_for, usable_proxy
from ..base import EngineConfig, EngineError, Resources, per_call
from .base import TTSEngine

ADDRESS = "https://speech.platform.bing.com"
SILENCE_S = 10.0
"""How long the service may send nothing."""
MAX_MP3_BYTES = 16 * 2**20
"""Of one sentence: 45 minutes of what the service sends today."""
LONGEST_S = 600.0
"""What is decoded of it."""


class EdgeConfig(EngineConfig):
    """Keys of the section `edge_tts`."""

    voice: str = per_call(
        "en-US-AvaMultilingualNeural", description="`edge-tts --list-voices` shows them all."
    )
    proxy: str | None = per_call(
        None,
        description="An HTTP proxy through which the service is reached, http://host:port; unset, "
        "that of the environment (https_proxy).",
    )


_ANY = "MULTILINGUAL"
_LATIN = (
    "af az bs ca cs cy da de en es et eu fi fil fr ga gl hr hu id is it jv lt lv ms mt nb nl pl pt"
    " ro sk sl so sq su sv sw tr uz vi zu"
)
_SCRIPTS = {
    "am": "ETHIOPIC",
    **dict.fromkeys(("ar", "fa", "ps", "ur"), "ARABIC"),
    **dict.fromkeys(("bg", "kk", "mk", "mn", "ru", "sr", "uk"), "CYRILLIC"),
    "bn": "BENGALI",
    "el": "GREEK",
    "gu": "GUJARATI",
    "he": "HEBREW",
    **dict.fromkeys(("hi", "mr", "ne"), "DEVANAGARI"),
    "ja": "CJK HIRAGANA KATAKANA",
    "ka": "GEORGIAN",
    "km": "KHMER",
    "kn": "KANNADA",
    "ko": "HANGUL",
    "lo": "LAO",
    "ml": "MALAYALAM",
    "my": "MYANMAR",
    "si": "SINHALA",
    "ta": "TAMIL",
    "te": "TELUGU",
    "th": "THAI",
    "zh": "CJK BOPOMOFO",
}
"""What the voices of a language can say, by the beginning of their names, besides Latin letters."""


def scripts_of(voice: str) -> frozenset[str] | None:
    """Return the scripts that a voice such as `zh-CN-XiaoyiNeural` can say; None if that is any."""
    language = voice.partition("-")[0].lower()
    if _ANY in voice.upper() or (language not in _LATIN.split() and language not in _SCRIPTS):
        return None
    return frozenset(["LATIN", *_SCRIPTS.get(language, "").split()])


def _others(voice: str) -> str:
    return (
        f"{voice} speaks one language. Choose a voice of the other, or a multilingual "
        "one (tts_config.edge_tts.voice in conf.yaml)."
    )


class EdgeTTS(TTSEngine[EdgeConfig]):
    """Each sentence is one request; the service answers with MP3 at 24 kHz."""

    name: ClassVar[str] = "edge_tts"
    Config = EdgeConfig
    requires: ClassVar = {"edge_tts": ""}
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

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        """Yield the speech for `text` as one chunk. Raises EngineError."""
        import aiohttp
        import anyio
        from edge_tts import Communicate
        from edge_tts.exceptions import EdgeTTSException

        if self._offline:
            raise EngineError("edge_tts speaks through an online service; this is --offline.")
        mp3 = io.BytesIO()
        service = self._service()
        try:
            speech = Communicate(
                text,
                self.config.voice,
                proxy=service.proxy or None,
                connect_timeout=ceil(CONNECT_S),
                receive_timeout=ceil(SILENCE_S),
            )
            with anyio.fail_after(SILENCE_S) as patience:
                async for chunk in speech.stream():
                    patience.deadline = anyio.current_time() + SILENCE_S
                    if chunk["type"] == "audio":
                        mp3.write(chunk["data"])
                    if mp3.tell() > MAX_MP3_BYTES:
                        raise EngineError(
                            "edge_tts: the service sent more than one sentence can be."
                        )
        except aiohttp.WSServerHandshakeError as error:
            told = service.refused(error.status)
            raise EngineError(
                f"edge_tts: the online voice did not answer. {told.text}", told.fault
            ) from error
        except (aiohttp.ClientError, OSError, asyncio.TimeoutError) as error:
            raise EngineError(*service.failed(error, answering=mp3.tell() > 0)) from error
        except (EdgeTTSException, ValueError) as error:
            raise EngineError(
                "edge_tts: the online voice did not answer. Is this computer online, and is the "
                f"voice {self.config.voice!r} right?"
            ) from error
        mp3.seek(0)
        yield await self.run(self._decode, mp3)

    def _service(self) -> Service:
        """Return whom we ask, and through which proxy. Raises EngineError."""
        try:
            if self.config.proxy:
                proxy = usable_proxy(self.config.proxy, "tts_config.edge_tts.proxy")
            else:
                proxy = proxy_for(ADDRESS)
        except HttpSettingsError as error:
            raise EngineError(str(error)) from error
        # The package has its own list of authorities, and no way to another.
        return Service("The online voice", ADDRESS, proxy=proxy, trusts_environment=False)

    def _decode(self, mp3: io.BytesIO) -> Pcm:
        try:
            return decoded(mp3, LONGEST_S, self.sample_rate)
        except ValueError as error:
            raise EngineError("edge_tts: what the service sent is no sound.") from error
