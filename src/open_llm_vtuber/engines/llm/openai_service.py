"""What the engines for services with OpenAI's chat completions API have in common."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from loguru import logger
from pydantic import Field

from ...http_errors import Told, error_text
from ...masking import basic_authorization
from ...values import HARMLESS
from ..account import OtherAddresses, other_addresses
from ..base import EngineError, Resources
from ..http_client import sendable
from .base import (
    ChatMessage,
    ContextFullError,
    Delta,
    PicturesRefusedError,
    ToolsRefusedError,
)
from .chat_completions import deltas, request_body
from .dialect import USUAL, Dialect
from .refusals import has_no_eyes, refuses_length, refuses_pictures, refuses_tools
from .sampling import sampling_of
from .service_llm import KEEP_CONNECTION_S, SILENCE_S, AccountConfig, ServiceLLM

if TYPE_CHECKING:
    import httpx2
    import openai

USUAL_TEMPERATURE = 1.0
"""Of a model of which nothing is known."""
MOST_CHANGES = 4
"""How often a request that was refused is made otherwise and sent again."""
THINKS_FIRST = re.compile(r"\br1\b|qwq|thinking", re.IGNORECASE)
"""Names of models whose answers begin inside of a thought, unless the service takes it out."""


class OpenAICompatibleConfig(AccountConfig):
    """Where the service is, who asks, and how it should answer."""

    base_url: str = Field(
        "http://localhost:11434/v1",
        description="The address of the API, up to and without '/chat/completions'. A user and a "
        "password in it (https://user:password@host/v1) are sent in place of the key.",
    )

    other_base_urls: OtherAddresses = other_addresses()
    llm_api_key: str = Field(
        "somethingelse",
        repr=False,
        description="The key of your account. A local server takes any text.",
    )
    model: str = Field(
        "qwen2.5:latest",
        json_schema_extra=HARMLESS,
        description="The model's name, as the service spells it.",
    )
    organization_id: str | None = Field(
        None, description="The organization that is billed, if the service has them."
    )
    project_id: str | None = Field(
        None, description="The project that is billed, if the service has them."
    )
    temperature: float | None = Field(
        None,
        ge=0,
        le=2,
        description="How freely words are chosen: 0 is always the likeliest. Unset, as it suits "
        "the model's family, 1 where its name tells none.",
    )
    max_tokens: int | None = Field(
        None, ge=1, description="The longest answer, in tokens. The service decides if it is unset."
    )


ConfigT = TypeVar("ConfigT", bound=OpenAICompatibleConfig)


class ChatCompletionsLLM(ServiceLLM[ConfigT]):
    """A service with this API, and an account there.

    The openai package signs, sends and times the requests; request and reply are plain JSON
    bytes, because its typed events cost more processor time than all the rest of a turn.
    """

    requires: ClassVar = {"openai": "", "httpx2": "", "aiohttp": ""}
    path: ClassVar[str] = "/chat/completions"
    picture_mark: ClassVar[bytes] = b'"image_url":'
    """What is in a request that has pictures."""
    dialect: ClassVar[Dialect] = USUAL
    """How the service is asked, as far as that is known before it has refused anything."""

    def __init__(self, config: ConfigT) -> None:
        super().__init__(config)
        self._dialect = self.dialect
        self._tools_refused = False
        self.thinks_first = THINKS_FIRST.search(config.model) is not None

    def other_addresses(self) -> Sequence[str]:
        """Return where the service can be had as well."""
        return self.config.other_base_urls

    @property
    def takes_tools(self) -> bool:
        """Whether the service has not refused them yet."""
        return not self._tools_refused

    def _open_client(self, resources: Resources) -> openai.AsyncOpenAI:
        import httpx2
        import openai

        config, headers = self.config, {}
        # The package refuses to have none; a local server may want none.
        key = sendable(config.llm_api_key.strip(), "llm_api_key") or "none"
        for name in ("organization_id", "project_id"):
            sendable(getattr(config, name) or "", name)
        if self._credentials:
            headers["Authorization"] = basic_authorization(self._credentials)
        self._http = resources.http(
            self._service,
            openai.DefaultAioHttpClient,
            silence_s=SILENCE_S,
            limits=httpx2.Limits(keepalive_expiry=KEEP_CONNECTION_S),
        )
        return openai.AsyncOpenAI(
            api_key=key,
            organization=config.organization_id,
            project=config.project_id,
            base_url=self._address,
            default_headers=headers,
            timeout=self._http.client.timeout,
            max_retries=0,  # its retries wait, for up to a minute; see _send
            http_client=self._http.client,
        )

    def _read(self, response: httpx2.Response) -> AsyncGenerator[Delta, None]:
        return deltas(response.aiter_bytes())

    @property
    def _temperature(self) -> float:
        if self.config.temperature is not None:
            return self.config.temperature
        family = sampling_of(self.config.model)
        return family.temperature if family else USUAL_TEMPERATURE

    def _body(self, messages: Sequence[ChatMessage], dialect: Dialect) -> bytes:
        config = self.config
        return request_body(
            messages,
            dialect,
            model=config.model,
            temperature=self._temperature if dialect.takes_temperature else None,
            **{dialect.limit_key: config.max_tokens},
        )

    async def _send(self, messages: Sequence[ChatMessage]) -> httpx2.Response:
        """Return the response to a request for an answer, its body not read yet.

        What the service does not take is said otherwise, and kept to from then on.
        """
        import openai

        for change in range(MOST_CHANGES + 1):
            dialect = self._dialect
            body = self._body(messages, dialect)
            try:
                return await self._asked(partial(self._post, body=body))
            except openai.APIStatusError as error:
                status, said = error.status_code, error.response.content
                refused = self._refused_tools(status, said, body)
                learned = None if refused else dialect.learned(status, said, messages, body)
                if learned is None or change == MOST_CHANGES:
                    raise refused or self._refused(status, said, body) from error
                words = self._service.without_secrets(error_text(said))
                logger.info("{} is asked otherwise from now on: {}", self.name, words)
                self._dialect = learned
        raise AssertionError("the last refusal is raised")

    def _refused_tools(self, status: int, said: bytes, body: bytes) -> ToolsRefusedError | None:
        if b'"tools":' not in body or not refuses_tools(said):
            return None
        self._tools_refused = True
        return ToolsRefusedError(*self._refusal(status, said))

    def _refusal(self, status: int, said: bytes) -> Told:
        """Return how a person is told of a refusal."""
        return self._service.refused(status, error_text(said))

    def _refused(self, status: int, said: bytes, body: bytes) -> EngineError:
        """Return what the refusal of the request `body` is, and remember what it tells."""
        refusal = self._refusal(status, said)
        if refusal.fault.code == "key-wrong":
            self._trouble = EngineError(*refusal)
        pictures = self.picture_mark in body
        # Of a request that is too large in bytes (413), nearly all are a picture's.
        if refuses_length(status, said) and not (pictures and status == 413):
            return ContextFullError(refusal.text)
        if pictures and refuses_pictures(status, said):
            if has_no_eyes(said):
                self.sees = False
            return PicturesRefusedError(*refusal)
        return EngineError(*refusal)

    async def _post(self, client: openai.AsyncOpenAI, body: bytes) -> httpx2.Response:
        import httpx2
        import openai

        # The package's way to an endpoint it has no method for: no types are checked or built.
        response = await client.post(
            self.path,
            cast_to=httpx2.Response,
            content=body,
            options={"headers": {"Content-Type": "application/json"}},
            stream=True,
            stream_cls=openai.AsyncStream[object],
        )
        return cast("httpx2.Response", response)
