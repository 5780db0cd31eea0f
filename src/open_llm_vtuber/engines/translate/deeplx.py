"""DeepLX: a server of one's own that passes sentences on to DeepL, without an account there."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlsplit, urlunsplit

from pydantic import Field

from ...http_errors import Service
from ..about import About
from ..account import Address
from ..base import EngineError, per_call
from .http_translator import HttpTranslator, HttpTranslatorConfig

_OFFICIAL_FORM = "/v2/translate"
"""The path at which it speaks as DeepL itself does."""


class DeepLXConfig(HttpTranslatorConfig):
    """Keys of the section `deeplx`."""

    deeplx_target_lang: str = per_call(
        "JA", min_length=1, description="The language, by DeepL's code: JA, EN, DE, ZH, ..."
    )
    deeplx_api_endpoint: Address = Field(
        "http://localhost:1188/v2/translate",
        description="Where the server is; it knows the paths /translate and /v2/translate.",
    )
    deeplx_token: str = Field(
        "", repr=False, description="The access token, where the server was started with one."
    )


class DeepLX(HttpTranslator[DeepLXConfig]):
    """Finds out by itself which language a sentence is in."""

    name: ClassVar[str] = "deeplx"
    about = About("server", "30, those of DeepL", "MIT; DeepL's terms", tested="with a stand-in")
    Config = DeepLXConfig

    @property
    def target(self) -> str:
        """The configured language."""
        return self.config.deeplx_target_lang.strip()

    def service(self) -> Service:
        """Return who is asked."""
        parts = urlsplit(self.config.deeplx_api_endpoint)
        path = parts.path.rstrip("/") or "/translate"
        return Service(
            "DeepLX",
            urlunsplit(parts._replace(path=path)),
            address_key=self.key_path("deeplx_api_endpoint"),
            secret_key=self.key_path("deeplx_token"),
            secrets=(self.config.deeplx_token.strip(),),
            not_found="has nothing at that path: it is /translate or /v2/translate",
        )

    def headers(self) -> dict[str, str]:
        """Return what every request says."""
        token = self.config.deeplx_token.strip()
        return {"Authorization": f"Bearer {token}"} if token else {}

    async def ask(self, text: str, target: str) -> bytes:
        """Return what the service answers. Raises EngineError."""
        official = urlsplit(self.http.service.url).path.endswith(_OFFICIAL_FORM)
        asked: dict[str, Any] = (
            {"text": [text], "target_lang": target}
            if official
            else {"text": text, "source_lang": "auto", "target_lang": target}
        )
        return await self.http.request("POST", "", json=asked)

    def words(self, answer: Any) -> str:
        """Return the words of an answer."""
        if "translations" in answer:
            words: str = answer["translations"][0]["text"]
            return words
        code = answer.get("code", 200)
        if code != 200:  # some of its kind say so with a good status of HTTP
            raise EngineError(*self.http.service.refused(int(code), str(answer.get("message", ""))))
        data: str = answer["data"]
        return data
