"""The translators that are services, as local servers that speak their documented APIs.

* DeepLX: `service/service.go` of OwO-Network/DeepLX has the paths, the forms and the errors.
* Tencent Cloud: the package `tencentcloud-sdk-python-tmt`, 3.0 (`tmt/v20180321`), has the form of
  TextTranslate, `abstract_client.py` of its `common` the signature, and that errors come with 200.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

import orjson
from aiohttp import web

from tests.support.web_app import running

SECRET_ID = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3"
SECRET_KEY = "Gu5t9xGARNpq86cd98joQYCN3"
TOKEN = "a-token-of-deeplx"
MOST = 6000
"""Characters that Tencent takes at once."""


@dataclass(frozen=True)
class Row:
    """One of them."""

    engine: str
    keys: Mapping[str, str]
    """Its section of conf.yaml; {url} is where the service is."""
    language: str
    """The key that has the language."""


ROWS = {
    "deeplx": Row(
        "deeplx",
        {"deeplx_api_endpoint": "{url}/v2/translate", "deeplx_token": TOKEN},
        "deeplx_target_lang",
    ),
    "deeplx, its own form": Row(
        "deeplx",
        {"deeplx_api_endpoint": "{url}/translate", "deeplx_token": TOKEN},
        "deeplx_target_lang",
    ),
    "tencent": Row(
        "tencent",
        {"base_url": "{url}", "secret_id": SECRET_ID, "secret_key": SECRET_KEY},
        "target_lang",
    ),
}


@dataclass
class Translators:
    """All of them in one; what is said is always translated as `said`."""

    url: str = ""
    said: str = "Bonjour à vous."
    trouble: str = ""
    """What goes wrong: "key", "limit", "broken", "a page", "odd", "nothing"."""
    held: bool = False
    """Whether it answers nobody."""
    answering: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Text and language of each request."""

    async def translate(self, request: web.Request) -> web.Response:
        asked = orjson.loads(await request.read())
        text = asked["text"]
        assert isinstance(text, list) == (request.path == "/v2/translate")
        self.asked.append((text[0] if isinstance(text, list) else text, asked["target_lang"]))
        await self._wait()
        if request.headers.get("Authorization") != f"Bearer {TOKEN}" or self.trouble == "key":
            return _deeplx(401, f"Invalid access token {TOKEN}")
        if self.trouble == "limit":
            return _deeplx(429, "too many requests, your IP has been blocked by DeepL temporarily")
        if self.trouble == "broken":
            return _deeplx(500, "Translation failed: no answer")
        if self.trouble in ("a page", "odd"):
            return self._odd()
        if request.path == "/v2/translate":
            told = {"detected_source_language": "EN", "text": self._words}
            return web.json_response({"translations": [told]})
        return web.json_response(
            {"code": 200, "id": 8352115005, "data": self._words, "alternatives": None,
             "source_lang": "EN", "target_lang": asked["target_lang"], "method": "Free"}
        )  # fmt: skip

    async def text_translate(self, request: web.Request) -> web.Response:
        body = await request.read()
        asked = orjson.loads(body)
        self.asked.append((asked["SourceText"], asked["Target"]))
        await self._wait()
        assert request.headers["X-TC-Action"] == "TextTranslate"
        assert request.headers["X-TC-Version"] == "2018-03-21"
        assert request.headers["X-TC-Region"] == "ap-guangzhou"
        assert isinstance(asked["ProjectId"], int)
        if self.trouble == "key" or not _signed(request, body):
            return _tencent_error("AuthFailure.SignatureFailure", f"not signed by {SECRET_ID}")
        if self.trouble == "limit":
            return _tencent_error("RequestLimitExceeded", "Your current request times equals to 6")
        if self.trouble == "broken":
            return _tencent_error("InternalError", "no answer")
        if len(asked["SourceText"]) >= MOST:
            return _tencent_error("UnsupportedOperation.TextTooLong", "the text is too long")
        if self.trouble in ("a page", "odd"):
            return self._odd()
        told = {"TargetText": self._words, "Source": asked["Source"], "Target": asked["Target"],
                "UsedAmount": 6, "RequestId": "7a8e"}  # fmt: skip
        return web.json_response({"Response": told})

    @property
    def _words(self) -> str:
        return " " if self.trouble == "nothing" else self.said

    def _odd(self) -> web.Response:
        if self.trouble == "odd":
            return web.json_response({"Response": ["?"], "translations": {}})
        return web.Response(body=b"<html>a page</html>", content_type="text/html")

    async def _wait(self) -> None:
        self.answering += 1
        try:
            await asyncio.sleep(3600 if self.held else 0)
        finally:
            self.answering -= 1


def _deeplx(code: int, message: str) -> web.Response:
    return web.json_response({"code": code, "message": message}, status=code)


def _tencent_error(code: str, message: str) -> web.Response:
    told: dict[str, Any] = {"Error": {"Code": code, "Message": message}, "RequestId": "7a8e"}
    return web.json_response({"Response": told})


def _signed(request: web.Request, body: bytes) -> bool:
    """Whether it is, as the SDK signs (`_get_tc3_signature`)."""
    at = request.headers["X-TC-Timestamp"]
    day = datetime.fromtimestamp(int(at), timezone.utc).strftime("%Y-%m-%d")
    headers = f"content-type:{request.headers['Content-Type']}\nhost:{request.headers['Host']}\n"
    whole = "\n".join(
        ["POST", "/", "", headers, "content-type;host", hashlib.sha256(body).hexdigest()]
    )
    digest = hashlib.sha256(whole.encode()).hexdigest()
    text = f"TC3-HMAC-SHA256\n{at}\n{day}/tmt/tc3_request\n{digest}"
    key = f"TC3{SECRET_KEY}".encode()
    for part in (day, "tmt", "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    return request.headers["Authorization"] == (
        f"TC3-HMAC-SHA256 Credential={SECRET_ID}/{day}/tmt/tc3_request, "
        f"SignedHeaders=content-type;host, Signature={signature}"
    )


@asynccontextmanager
async def translators() -> AsyncIterator[Translators]:
    """Run them on a port of loopback."""
    service = Translators()
    app = web.Application()
    app.router.add_post("/translate", service.translate)
    app.router.add_post("/v2/translate", service.translate)
    app.router.add_post("/", service.text_translate)
    async with running(app) as service.url:
        yield service
