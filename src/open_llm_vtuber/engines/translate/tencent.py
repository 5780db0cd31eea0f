"""Tencent Cloud's machine translation (TMT, TextTranslate): a key; the text goes there."""

from __future__ import annotations

import hashlib
import hmac
import time
from datetime import datetime, timezone
from typing import Any, ClassVar, NoReturn
from urllib.parse import urlsplit

import orjson
from pydantic import Field

from ...faults import ErrorCode, fault
from ...http_errors import Service
from ..about import About
from ..account import Address
from ..base import EngineError, per_call
from ..http_client import sendable
from .http_translator import HttpTranslator, HttpTranslatorConfig

JSON = "application/json"
VERSION = "2018-03-21"
_SERVICE = "tmt"
_WHERE = "make a key at https://console.cloud.tencent.com/cam/capi"
_ALGORITHM = "TC3-HMAC-SHA256"
_TELLING: tuple[tuple[str, ErrorCode], ...] = (
    ("AuthFailure", "key-wrong"),
    ("UnauthorizedOperation", "key-wrong"),
    ("RequestLimitExceeded", "service-busy"),
    ("LimitExceeded", "service-busy"),
    ("InternalError", "service-failed"),
)
"""What the names of its errors begin with; all others are a refusal."""


class TencentConfig(HttpTranslatorConfig):
    """Keys of the section `tencent`."""

    secret_id: str = Field("", repr=False, description="The SecretId of your Tencent Cloud key.")
    secret_key: str = Field("", repr=False, description="The SecretKey of that key.")
    region: str = Field("ap-guangzhou", description="The region that answers.")
    source_lang: str = per_call("zh", description="The language she writes: zh, en, ... or auto.")
    target_lang: str = per_call("ja", min_length=1, description="The language she speaks.")
    base_url: Address = Field("https://tmt.tencentcloudapi.com", description="Where it is.")


class Tencent(HttpTranslator[TencentConfig]):
    """Each request is signed with the key, which is not sent itself."""

    name: ClassVar[str] = "tencent"
    about = About("service", "17", "terms of Tencent Cloud", tested="with a stand-in")
    Config = TencentConfig
    needed: ClassVar = {"secret_id": _WHERE, "secret_key": _WHERE}

    @property
    def target(self) -> str:
        """The configured language."""
        return self.config.target_lang.strip()

    def service(self) -> Service:
        """Return who is asked."""
        return Service(
            "Tencent Cloud's translation",
            self.config.base_url,
            address_key=self.key_path("base_url"),
            secret_key=self.key_path("secret_key"),
            secrets=(self.config.secret_id.strip(), self.config.secret_key.strip()),
        )

    def headers(self) -> dict[str, str]:
        """Return what every request says."""
        sendable(self.config.secret_id.strip(), self.key_path("secret_id"))
        return {
            "X-TC-Action": "TextTranslate",
            "X-TC-Version": VERSION,
            "X-TC-Region": self.config.region.strip(),
        }

    async def ask(self, text: str, target: str) -> bytes:
        """Return what the service answers. Raises EngineError."""
        source = self.config.source_lang.strip() or "auto"
        body = orjson.dumps(
            {"SourceText": text, "Source": source, "Target": target, "ProjectId": 0}
        )
        now = int(time.time())
        host = urlsplit(self.config.base_url).netloc.rpartition("@")[2]
        account = self.config.secret_id.strip(), self.config.secret_key.strip()
        signed = {
            "Content-Type": JSON,
            "Host": host,
            "X-TC-Timestamp": str(now),
            "Authorization": authorization(*account, host, body, now),
        }
        return await self.http.request("POST", "/", content=body, headers=signed)

    def words(self, answer: Any) -> str:
        """Return the words of an answer."""
        found = answer["Response"]
        if "Error" in found:
            self._refuse(str(found["Error"]["Code"]), str(found["Error"].get("Message", "")))
        words: str = found["TargetText"]
        return words

    def _refuse(self, code: str, said: str) -> NoReturn:
        """Raise the EngineError that one of its errors means; it answers 200 with all of them."""
        service = self.http.service
        meant = next((one for begins, one in _TELLING if code.startswith(begins)), None)
        if meant == "key-wrong":
            keys = f"{self.key_path('secret_id')} and {self.key_path('secret_key')}"
            text = f"{service.whereabouts} refuses {keys} ({code})."
        else:
            text = f"{service.whereabouts} refuses ({code}). It says: "
            text += service.without_secrets(said)
        raise EngineError(text, fault(meant or "service-refused"))


def authorization(secret_id: str, secret_key: str, host: str, body: bytes, at: int) -> str:
    """Return the header that signs a POST of JSON to `/`, version 3 of Tencent Cloud's signature.

    `at` is its time in seconds since 1970.
    """
    day = datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%d")
    names = "content-type;host"
    asked = f"POST\n/\n\ncontent-type:{JSON}\nhost:{host}\n\n{names}\n{_sha256(body)}"
    scope = f"{day}/{_SERVICE}/tc3_request"
    signed = f"{_ALGORITHM}\n{at}\n{scope}\n{_sha256(asked.encode())}"
    key = f"TC3{secret_key}".encode()
    for part in (day, _SERVICE, "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, signed.encode(), "sha256").hex()
    credential = f"Credential={secret_id}/{scope}"
    return f"{_ALGORITHM} {credential}, SignedHeaders={names}, Signature={signature}"


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
