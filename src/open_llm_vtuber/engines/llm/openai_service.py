"""What the engines for services with OpenAI's chat completions API have in common."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, TypeVar, cast

from pydantic import Field, field_validator

from ...faults import fault
from ...http_errors import Service, error_text
from ...http_settings import is_address
from ...masking import basic_authorization, without_credentials
from ..base import EngineConfig, EngineError, Resources
from ..http_client import sendable
from .base import (
    ChatMessage,
    ContextFullError,
    LLMEngine,
    PicturesRefusedError,
    Role,
    Thought,
    ToolCall,
    ToolsRefusedError,
)
from .chat_completions import deltas, request_body
from .refusals import has_no_eyes, refuses_length, refuses_pictures, refuses_tools
from .reply_frames import ReplyError

if TYPE_CHECKING:
    import httpx2
    import openai

SILENCE_S = 300.0
"""How long a service may send nothing. A turn has shorter limits of its own."""
THINKS_FIRST = re.compile(r"\br1\b|qwq|thinking", re.IGNORECASE)
"""Names of models whose answers begin inside of a thought, unless the service takes it out."""
KEEP_CONNECTION_S = 120.0
"""How long an idle connection is kept: the next turn then needs no new TLS handshake."""


class OpenAICompatibleConfig(EngineConfig):
    """Where the service is, who asks, and how it should answer."""

    interrupt_method: Literal["system", "user"] = Field(
        "user",
        description="The role under which the model is told that it was interrupted. "
        "'user' where the service allows a system message at the beginning only.",
    )
    base_url: str = Field(
        "http://localhost:11434/v1",
        description="The address of the API, up to and without '/chat/completions'. A user and a "
        "password in it (https://user:password@host/v1) are sent in place of the key.",
    )

    @field_validator("base_url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        if not is_address(url.strip()):
            raise ValueError(
                "expected an address that begins with http:// or https://, "
                'such as "http://localhost:11434/v1"'
            )
        return url.strip()

    llm_api_key: str = Field(
        "somethingelse",
        repr=False,
        description="The key of your account. A local server takes any text.",
    )
    model: str = Field("qwen2.5:latest", description="The model's name, as the service spells it.")
    organization_id: str | None = Field(
        None, description="The organization that is billed, if the service has them."
    )
    project_id: str | None = Field(
        None, description="The project that is billed, if the service has them."
    )
    temperature: float = Field(
        1.0, ge=0, le=2, description="How freely words are chosen: 0 is always the likeliest."
    )
    max_tokens: int | None = Field(
        None, ge=1, description="The longest answer, in tokens. The service decides if it is unset."
    )


ConfigT = TypeVar("ConfigT", bound=OpenAICompatibleConfig)


class ChatCompletionsLLM(LLMEngine[ConfigT]):
    """A service with this API, and an account there.

    The openai package signs, sends and times the requests; request and reply are plain JSON
    bytes, because its typed events cost more processor time than all the rest of a turn.
    """

    requires: ClassVar = {"openai": "", "httpx2": "", "aiohttp": ""}
    concurrency = 8
    max_tokens_key: ClassVar[str] = "max_tokens"
    """What the service calls the limit of an answer."""

    def __init__(self, config: ConfigT) -> None:
        super().__init__(config)
        self._client: openai.AsyncOpenAI | None = None
        self._address, self._credentials = without_credentials(config.base_url)
        self._service = Service(
            f"The language model {config.model}",
            config.base_url,
            address_key="base_url",
            secret_key="user and password in base_url" if self._credentials else "llm_api_key",
            secrets=(config.llm_api_key,),
            not_found="has no such model, or no chat completions at this base_url",
        )
        self._tools_refused = False
        self.thinks_first = THINKS_FIRST.search(config.model) is not None

    @property
    def takes_tools(self) -> bool:
        """Whether the service has not refused them yet."""
        return not self._tools_refused

    @property
    def interrupt_role(self) -> Role:
        """The role under which the model is told that it was interrupted."""
        return self.config.interrupt_method

    async def load(self, resources: Resources) -> None:
        """Open the account. The service is not asked anything yet. Raises EngineError."""
        self._client = await self.run(self._open_client, resources)

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
        http = resources.http(
            self._service,
            openai.DefaultAioHttpClient,
            silence_s=SILENCE_S,
            limits=httpx2.Limits(keepalive_expiry=KEEP_CONNECTION_S),
        )
        self._service = http.service
        return openai.AsyncOpenAI(
            api_key=key,
            organization=config.organization_id,
            project=config.project_id,
            base_url=self._address,
            default_headers=headers,
            timeout=http.client.timeout,
            max_retries=0,  # its retries wait, for up to a minute; see _send
            http_client=http.client,
        )

    async def close(self) -> None:
        """Close the connections to the service."""
        await super().close()
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def stream(
        self, messages: Sequence[ChatMessage]
    ) -> AsyncGenerator[str | Thought | ToolCall, None]:
        """Yield the answer to `messages` in pieces, as they come. Raises EngineError.

        Raises ToolsRefusedError where the service has no tools for this model, and
        PromptRefusedError where it does not take the length or the pictures. Closing the iterator
        closes the response, and with it the service's work on it.
        """
        if self._client is None:
            raise EngineError(f"{self.name} is not loaded.")
        import aiohttp
        import httpx2

        body = request_body(
            messages,
            model=self.config.model,
            temperature=self.config.temperature,
            **{self.max_tokens_key: self.config.max_tokens},
        )
        async with self.place():
            response = await self._send(body)
            try:
                async for piece in deltas(response.aiter_bytes()):
                    yield piece
            except ReplyError as error:
                said = self._service.without_secrets(str(error))
                text = f"{self._service.whereabouts} {said}."
                raise EngineError(text, fault("service-failed")) from error
            except (httpx2.HTTPError, aiohttp.ClientError) as error:
                raise EngineError(*self._service.failed(error, answering=True)) from error
            finally:
                await response.aclose()

    async def _send(self, body: bytes) -> httpx2.Response:
        """Return the response to a request for an answer, its body not read yet."""
        client = self._client
        if client is None:
            raise self._gone()
        import aiohttp
        import httpx2
        import openai

        try:
            try:
                return await self._post(client, body)
            except openai.APIConnectionError as error:
                # The transport calls every failed connection a timeout; only this one is.
                if isinstance(error.__cause__, httpx2.ReadTimeout):
                    raise
                # A kept connection may have been closed by the other side: try a new one, once.
                return await self._post(client, body)
        except (openai.APIConnectionError, aiohttp.ClientError) as error:
            raise EngineError(*self._service.failed(error)) from error
        except openai.APIStatusError as error:
            raise self._refused(error.status_code, error.response.content, body) from error
        except RuntimeError as error:  # what the client says once it is closed
            if self._client is not None:
                raise
            raise self._gone() from error

    def _refused(self, status: int, said: bytes, body: bytes) -> EngineError:
        """Return what the refusal of the request `body` is, and remember what it tells."""
        refusal = self._service.refused(status, error_text(said))
        if b'"tools":' in body and refuses_tools(said):
            self._tools_refused = True
            return ToolsRefusedError(*refusal)
        pictures = b'"image_url":' in body
        # Of a request that is too large in bytes (413), nearly all are a picture's.
        if refuses_length(status, said) and not (pictures and status == 413):
            return ContextFullError(refusal.text)
        if pictures and refuses_pictures(status, said):
            if has_no_eyes(said):
                self.sees = False
            return PicturesRefusedError(*refusal)
        return EngineError(*refusal)

    @staticmethod
    async def _post(client: openai.AsyncOpenAI, body: bytes) -> httpx2.Response:
        import httpx2
        import openai

        # The package's way to an endpoint it has no method for: no types are checked or built.
        response = await client.post(
            "/chat/completions",
            cast_to=httpx2.Response,
            content=body,
            options={"headers": {"Content-Type": "application/json"}},
            stream=True,
            stream_cls=openai.AsyncStream[object],
        )
        return cast("httpx2.Response", response)
