"""Claude: Anthropic's Messages API, through Anthropic's package."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, cast

import orjson
from loguru import logger
from pydantic import Field, field_validator

from ...faults import fault
from ...http_errors import error_text
from ...masking import basic_authorization
from ...values import HARMLESS
from ..about import About
from ..base import EngineError, Resources
from ..http_client import sendable
from ..server_sent import server_sent
from .base import ChatMessage, ContextFullError, Delta, PicturesRefusedError
from .claude_messages import ClaudeReader, prompt
from .refusals import refuses_length
from .reply_frames import ReplyError
from .service_llm import KEEP_CONNECTION_S, SILENCE_S, AccountConfig, ServiceLLM

if TYPE_CHECKING:
    import anthropic
    import httpx2

OVERLOADED = 529
FOREIGN = "sent something else than an answer of the Messages API; see whether base_url is right"
_PICTURE = re.compile(r"\b(image|picture|media_type)", re.IGNORECASE)


class ClaudeConfig(AccountConfig):
    """An account with Anthropic."""

    base_url: str = Field(
        "https://api.anthropic.com",
        description="The address of the API, up to and without '/v1/messages'.",
    )
    llm_api_key: str = Field("", repr=False, description="Your Anthropic API key.")
    model: str = Field(
        "claude-haiku-4-5",
        json_schema_extra=HARMLESS,
        description="The model's name, as Anthropic spells it.",
    )
    max_tokens: int = Field(
        1024, ge=1, description="The longest answer, in tokens; what it thinks counts."
    )
    thinking: Literal["adaptive", "disabled"] | None = Field(
        None,
        description="Whether the model thinks before it answers, as long as it sees fit; unset, "
        "it does as is usual for it. Older models refuse `adaptive`.",
    )

    @field_validator("base_url")
    @classmethod
    def _without_version(cls, url: str) -> str:
        return re.sub(r"/v1/?$", "", url)


class ClaudeLLM(ServiceLLM[ClaudeConfig]):
    """Claude. Signed thoughts before a call are handed back with its result."""

    name: ClassVar[str] = "claude_llm"
    about = About("service", "of the model", "terms of Anthropic", tested="with a stand-in")
    Config = ClaudeConfig
    requires: ClassVar = {"anthropic": "claude", "httpx2": "", "aiohttp": ""}
    sdk = "anthropic"
    account = "Anthropic"
    not_found = "has no such model, or no Messages API at this base_url"
    models_path = "/v1/models"

    @property
    def takes_tools(self) -> bool:
        """All of its models do."""
        return True

    def _open_client(self, resources: Resources) -> anthropic.AsyncAnthropic:
        import anthropic
        import httpx2

        headers = {}
        if self._credentials:
            headers["Authorization"] = basic_authorization(self._credentials)
        self._http = resources.http(
            self._service,
            anthropic.DefaultAioHttpClient,
            silence_s=SILENCE_S,
            limits=httpx2.Limits(keepalive_expiry=KEEP_CONNECTION_S),
        )
        return anthropic.AsyncAnthropic(
            api_key=sendable(self.config.llm_api_key.strip(), "llm_api_key") or "none",
            base_url=self._address,
            default_headers=headers,
            timeout=self._http.client.timeout,
            max_retries=0,  # its retries wait while nobody is told why
            http_client=self._http.client,
        )

    async def _send(self, messages: Sequence[ChatMessage]) -> httpx2.Response:
        import anthropic

        config = self.config
        asked: dict[str, Any] = prompt(messages)
        if config.thinking:
            asked["thinking"] = {"type": config.thinking}

        async def post(client: anthropic.AsyncAnthropic) -> httpx2.Response:
            raw = await client.messages.with_raw_response.create(
                model=config.model, max_tokens=config.max_tokens, stream=True, **asked
            )
            return cast("httpx2.Response", raw.http_response)

        try:
            return await self._asked(post)
        except anthropic.APIStatusError as error:
            pictures = any(message.images for message in messages)
            raise self._refused(error, pictures=pictures) from error

    def _refused(self, error: anthropic.APIStatusError, *, pictures: bool) -> EngineError:
        """Return what a refusal is, as a person or the agent is told of it."""
        status, body = error.status_code, error.response.content
        said = error_text(body)
        text, code = self._service.refused(status, said)
        if code.code == "key-wrong":
            self._trouble = EngineError(text, code)
        if status == OVERLOADED:
            text = f"{self._service.whereabouts} is overloaded (status {status}). Try again soon."
            return EngineError(text, fault("service-busy"))
        wait = error.response.headers.get("retry-after", "")
        if status == 429 and wait.isdecimal():
            return EngineError(f"{text} Try again in {wait} s.", code)
        about_pictures = pictures and (status == 413 or _PICTURE.search(said))
        if status in (400, 413, 422) and about_pictures:
            return PicturesRefusedError(text, code)
        if refuses_length(status, body):
            return ContextFullError(text)
        return EngineError(text, code)

    async def _read(self, response: httpx2.Response) -> AsyncGenerator[Delta, None]:
        reader, events = ClaudeReader(), 0
        async for _, data in server_sent(response.aiter_bytes()):
            events += 1
            try:
                for piece in reader.read(orjson.loads(data)):
                    yield piece
            except (ValueError, LookupError, TypeError, AttributeError) as error:
                raise ReplyError(FOREIGN) from error
        if not events:
            raise ReplyError(FOREIGN)
        logger.debug("{}: {}", self.name, reader.usage)
        for piece in reader.conclude():
            yield piece
