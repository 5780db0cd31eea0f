"""A language model behind a service over HTTP, asked through the package of who makes its API."""

from __future__ import annotations

import asyncio
import importlib
import re
from abc import abstractmethod
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar

from loguru import logger
from pydantic import Field, field_validator

from ...closing import cancelled
from ...faults import fault
from ...http_errors import Service, error_text
from ...masking import without_credentials
from ..account import is_key, mended_address
from ..base import EngineConfig, EngineError, Resources
from ..http_client import HttpClient, NotTakenError
from .base import ChatMessage, Delta, LLMEngine, Role
from .local_servers import known_server, listed
from .reply_frames import ReplyError

if TYPE_CHECKING:
    import httpx2

Request = Callable[[Any], Awaitable["httpx2.Response"]]

REACH_S = 3.0
"""How long a service may take to say which models it has, before that is told."""
GLANCE_S = 1.0
"""How much of it is waited for at the start: whoever answers, or refuses, does so within."""
SILENCE_S = 300.0
"""How long a service may send nothing. A turn has shorter limits of its own."""
KEEP_CONNECTION_S = 120.0
"""How long an idle connection is kept: the next turn then needs no new TLS handshake."""
ASKED_AT = "asked_at"
"""The extension of a response that says at which address it was asked for."""
_SCOPES = re.compile(r"permission|scope", re.IGNORECASE)
"""In a refusal: the key is good, and not for this."""


class AccountConfig(EngineConfig):
    """Where the service is, who asks, and which model."""

    interrupt_method: Literal["system", "user"] = Field(
        "user",
        description="The role under which the model is told that it was interrupted. "
        "'user' where the service allows a system message at the beginning only.",
    )
    base_url: str
    llm_api_key: str = Field("", repr=False)
    model: str

    @field_validator("base_url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        return mended_address(url)


AccountT = TypeVar("AccountT", bound=AccountConfig)


class ServiceLLM(LLMEngine[AccountT]):
    """An account; its package signs, sends and times the requests."""

    concurrency = 8
    sdk: ClassVar[str] = "openai"
    """The package of its API; its client and errors are made alike by all who generate theirs."""
    account: ClassVar[str] = ""
    """Whose key it needs, as in "Your ... API key"; empty where any text will do."""
    not_found: ClassVar[str] = "has no such model, or no chat completions at this base_url"
    models_path: ClassVar[str] = "/models"
    """Where it lists its models."""

    def __init__(self, config: AccountT) -> None:
        super().__init__(config)
        self._client: Any = None
        self._http: HttpClient
        """What it stands on; there is one as soon as there is that."""
        self._address, self._credentials = without_credentials(config.base_url)
        self._service = Service(
            f"The language model {config.model}",
            config.base_url,
            address_key="base_url",
            secret_key="user and password in base_url" if self._credentials else "llm_api_key",
            secrets=(config.llm_api_key,),
            others=tuple(self.other_addresses()),
            not_found=self.not_found,
        )
        if server := known_server(self._address):
            self._service = replace(self._service, running=server.hint)
        self._trouble: EngineError | None = None
        self._reaching: asyncio.Task[None] | None = None

    def other_addresses(self) -> Sequence[str]:
        """Return where the service can be had as well."""
        return ()

    @property
    def interrupt_role(self) -> Role:
        """The role under which the model is told that it was interrupted."""
        return self.config.interrupt_method

    @property
    def model_name(self) -> str:
        """The model that is asked for."""
        return self.config.model

    @property
    def trouble(self) -> EngineError | None:
        """Why the service was not reached, or refuses the key, when it was asked last."""
        return self._trouble

    async def load(self, resources: Resources) -> None:
        """Open the account, and see whether the service is there. Raises EngineError.

        One that is not is no error, but `trouble`: it may be there before the first turn. One that
        is silent keeps nobody waiting: that it is, `trouble` says when it has been so for long.
        """
        if self.account and not (is_key(self.config.llm_api_key) or self._is_here):
            raise EngineError(
                f"{self.name} needs the key of your {self.account} account: write it into "
                f"character_config.agent_config.llm_configs.{self.name}.llm_api_key.",
                fault("key-wrong"),
            )
        self._client = await self.run(self._open_client, resources)
        self._service = self._http.service
        if not resources.offline or self._is_here:
            self._reaching = asyncio.create_task(self._reach())
            try:
                await asyncio.wait([self._reaching], timeout=GLANCE_S)
            except asyncio.CancelledError:
                await cancelled([self._reaching])
                raise

    @property
    def speculates(self) -> bool:
        """Only a service on this computer is sure to be free of charge."""
        return self._is_here

    @property
    def _is_here(self) -> bool:
        return self._service.is_here

    async def _reach(self) -> None:
        """Ask for the list of models, which costs nothing, to have `trouble` say what is so."""
        try:
            await asyncio.wait_for(self.models(), REACH_S)
        except asyncio.TimeoutError:
            silent = f"{self._service.whereabouts} did not answer within {REACH_S:g} s."
            self._trouble = EngineError(silent, fault("service-unreachable"))
        except EngineError as error:
            logger.debug("the models of {} are not listed: {}", self.name, error)
        except Exception:  # noqa: BLE001 - the task ends here; a question will tell more
            logger.exception("the models of {} could not be asked for", self.name)
        if self._trouble:
            logger.warning(str(self._trouble))

    async def models(self) -> Sequence[str]:
        """Return the names of the models that the service offers. Raises EngineError."""
        import httpx2

        sdk = importlib.import_module(self.sdk)
        try:
            response = await self._asked(
                lambda client: client.get(self.models_path, cast_to=httpx2.Response)
            )
            return listed(response.content)
        except sdk.APIStatusError as error:
            said = error_text(error.response.content)
            refusal = self._service.refused(error.status_code, said)
            if error.status_code == 401 and not _SCOPES.search(said):
                self._trouble = EngineError(*refusal)
            raise EngineError(*refusal) from error
        except ValueError as error:
            raise EngineError(f"{self._service.whereabouts} lists no models.") from error

    async def close(self) -> None:
        """Close the connections to the service."""
        if self._reaching:
            await cancelled([self._reaching])
        await super().close()
        await self._farewell()
        client, self._client = self._client, None
        if client is not None:
            await self._http.health.close()
            await client.close()

    async def _farewell(self) -> None:
        """Tell the service what it has to know at the end, when nobody begins any more."""

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
            if self._reaching:
                self._reaching.cancel()  # it is there: nobody need say later that it was silent
            self._trouble = None
            url = response.extensions[ASKED_AT]
            service = self._service.at(url)
            try:
                with self._http.addresses.asked(url):
                    async with aclosing(self._read(response)) as pieces:
                        async for piece in pieces:
                            yield piece
            except ReplyError as error:
                said = service.without_secrets(str(error))
                text = f"{service.whereabouts} {said}."
                raise EngineError(text, fault("service-failed")) from error
            except (httpx2.HTTPError, aiohttp.ClientError) as error:
                raise EngineError(*service.failed(error, answering=True)) from error
            finally:
                await response.aclose()

    @abstractmethod
    def _open_client(self, resources: Resources) -> Any:
        """Return the client of the package, on one of ours. It blocks. Raises EngineError."""

    @abstractmethod
    async def _send(self, messages: Sequence[ChatMessage]) -> httpx2.Response:
        """Return the response to a request for an answer, its body not read yet."""

    @abstractmethod
    def _read(self, response: httpx2.Response) -> AsyncGenerator[Delta, None]:
        """Yield what is in a response. Raises ReplyError."""

    async def _asked(self, request: Request) -> httpx2.Response:
        """Return the response to a `request` made with the client, at the first address to take it.

        Raises EngineError, and the package's APIStatusError where the service refuses it.
        """
        import aiohttp

        sdk = importlib.import_module(self.sdk)
        addresses = self._http.addresses
        for tried, url in enumerate(addresses.in_turn(), 1):
            service = self._service.at(url)
            try:
                with addresses.asked(url):
                    response = await self._asked_at(url, request)
            except sdk.APIStatusError as error:
                told = service.refused(error.status_code, error_text(error.response.content))
                refusal = self._http.not_taken(url, error.status_code, told)
                if tried == len(addresses) or not isinstance(refusal, NotTakenError):
                    raise
            except (sdk.APIConnectionError, aiohttp.ClientError) as error:
                refusal = self._http.not_taken(url, error, service.failed(error))
                if tried == len(addresses) or not isinstance(refusal, NotTakenError):
                    self._trouble = self._http.told_of_all(refusal)
                    raise self._trouble from error
            except RuntimeError as error:  # what the client says once it is closed
                if self._client is not None:
                    raise
                raise self._gone() from error
            else:
                response.extensions[ASKED_AT] = url
                return response
        raise AssertionError("the last refusal is raised")

    async def _asked_at(self, url: str, request: Request) -> httpx2.Response:
        import httpx2

        if self._client is None:
            raise self._gone()
        here = url == self._http.service.url
        client = self._client if here else self._client.with_options(base_url=url)
        try:
            return await request(client)
        except importlib.import_module(self.sdk).APIConnectionError as error:
            # The transport calls every failed connection a timeout; only this one is.
            if isinstance(error.__cause__, httpx2.ReadTimeout):
                raise
            # A kept connection may have been closed by the other side: try a new one, once.
            return await request(client)
