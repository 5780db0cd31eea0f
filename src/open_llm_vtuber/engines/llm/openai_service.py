"""What the engines for services with OpenAI's chat completions API have in common."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal, TypeVar, cast
from urllib.parse import urlsplit

from loguru import logger
from pydantic import Field, field_validator

from ...faults import fault
from ...http_errors import Service, Told, error_text
from ...http_settings import is_loopback
from ...masking import basic_authorization, without_credentials
from ..base import EngineConfig, EngineError, Resources
from ..http_client import sendable
from .account import is_key, mended_address
from .base import (
    ChatMessage,
    ContextFullError,
    Delta,
    LLMEngine,
    PicturesRefusedError,
    Role,
    ToolsRefusedError,
)
from .chat_completions import deltas, request_body
from .dialect import USUAL, Dialect
from .local_servers import known_server, listed
from .refusals import has_no_eyes, refuses_length, refuses_pictures, refuses_tools
from .reply_frames import ReplyError

if TYPE_CHECKING:
    import httpx2
    import openai

MOST_CHANGES = 4
"""How often a request that was refused is made otherwise and sent again."""
REACH_S = 3.0
"""How long a service is waited for at the start, which it does not keep from going on."""
_SCOPES = re.compile(r"permission|scope", re.IGNORECASE)
"""In a refusal: the key is good, and not for this."""
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
        return mended_address(url)

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
    account: ClassVar[str] = ""
    """Whose key it needs, as in "Your ... API key"; empty where any text will do."""
    dialect: ClassVar[Dialect] = USUAL
    """How the service is asked, as far as that is known before it has refused anything."""

    not_found: ClassVar[str] = "has no such model, or no chat completions at this base_url"

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
            not_found=self.not_found,
        )
        if server := known_server(self._address):
            self._service = replace(self._service, running=server.hint)
        self._dialect = self.dialect
        self._trouble = ""
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

    @property
    def trouble(self) -> str:
        """Why the service was not reached, or refuses the key, when it was asked last."""
        return self._trouble

    async def load(self, resources: Resources) -> None:
        """Open the account, and see whether the service is there. Raises EngineError.

        One that is not is no error, but `trouble`: it may be there before the first turn.
        """
        if self.account and not (is_key(self.config.llm_api_key) or self._is_here):
            raise EngineError(
                f"{self.name} needs the key of your {self.account} account: write it into "
                f"character_config.agent_config.llm_configs.{self.name}.llm_api_key.",
                fault("key-wrong"),
            )
        self._client = await self.run(self._open_client, resources)
        if not resources.offline or self._is_here:
            await self._reach()

    @property
    def _is_here(self) -> bool:
        return is_loopback(urlsplit(self._address).hostname or "")

    async def _reach(self) -> None:
        """Ask for the list of models, which costs nothing, to have `trouble` say what is so."""
        try:
            await asyncio.wait_for(self.models(), REACH_S)
        except asyncio.TimeoutError:
            self._trouble = f"{self._service.whereabouts} did not answer within {REACH_S:g} s."
        except EngineError as error:
            logger.debug("the models of {} are not listed: {}", self.name, error)
        if self._trouble:
            logger.warning(self._trouble)

    async def models(self) -> Sequence[str]:
        """Return the names of the models that the service offers. Raises EngineError."""
        import openai

        try:
            response = await self._asked("GET", "/models")
            return listed(response.content)
        except openai.APIStatusError as error:
            said = error_text(error.response.content)
            refusal = self._service.refused(error.status_code, said)
            if error.status_code == 401 and not _SCOPES.search(said):
                self._trouble = refusal.text
            raise EngineError(*refusal) from error
        except ValueError as error:
            raise EngineError(f"{self._service.whereabouts} lists no models.") from error

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

    async def stream(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[Delta, None]:
        """Yield the answer to `messages` in pieces, as they come. Raises EngineError.

        Raises ToolsRefusedError where the service has no tools for this model, and
        PromptRefusedError where it does not take the length or the pictures. Closing the iterator
        closes the response, and with it the service's work on it.
        """
        if self._client is None:
            raise EngineError(f"{self.name} is not loaded.")
        import aiohttp
        import httpx2

        async with self.place():
            response = await self._send(messages)
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

    def _body(self, messages: Sequence[ChatMessage], dialect: Dialect) -> bytes:
        config = self.config
        return request_body(
            messages,
            dialect,
            model=config.model,
            temperature=config.temperature if dialect.takes_temperature else None,
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
                response = await self._asked("POST", "/chat/completions", body)
            except openai.APIStatusError as error:
                status, said = error.status_code, error.response.content
                refused = self._refused_tools(status, said, body)
                learned = None if refused else dialect.learned(status, said, messages, body)
                if learned is None or change == MOST_CHANGES:
                    raise refused or self._refused(status, said, body) from error
                words = self._service.without_secrets(error_text(said))
                logger.info("{} is asked otherwise from now on: {}", self.name, words)
                self._dialect = learned
            else:
                self._trouble = ""
                return response
        raise AssertionError("the last refusal is raised")

    async def _asked(self, method: str, path: str, body: bytes | None = None) -> httpx2.Response:
        """Return the response to a request: of a POST before its body is read.

        Raises EngineError, and openai.APIStatusError where the service refuses it.
        """
        client = self._client
        if client is None:
            raise self._gone()
        import aiohttp
        import httpx2
        import openai

        try:
            try:
                return await self._request(client, method, path, body)
            except openai.APIConnectionError as error:
                # The transport calls every failed connection a timeout; only this one is.
                if isinstance(error.__cause__, httpx2.ReadTimeout):
                    raise
                # A kept connection may have been closed by the other side: try a new one, once.
                return await self._request(client, method, path, body)
        except (openai.APIConnectionError, aiohttp.ClientError) as error:
            told = self._service.failed(error)
            self._trouble = told.text
            raise EngineError(*told) from error
        except RuntimeError as error:  # what the client says once it is closed
            if self._client is not None:
                raise
            raise self._gone() from error

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
            self._trouble = refusal.text
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
    async def _request(
        client: openai.AsyncOpenAI, method: str, path: str, body: bytes | None
    ) -> httpx2.Response:
        import httpx2
        import openai

        if method == "GET":
            return await client.get(path, cast_to=httpx2.Response)
        # The package's way to an endpoint it has no method for: no types are checked or built.
        response = await client.post(
            path,
            cast_to=httpx2.Response,
            content=body,
            options={"headers": {"Content-Type": "application/json"}},
            stream=True,
            stream_cls=openai.AsyncStream[object],
        )
        return cast("httpx2.Response", response)
