"""Ollama, asked by its own API: only there a request says num_ctx, keep_alive, and `think`.

Its models are loaded before they are asked, and unloaded at the end.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Sequence
from typing import TYPE_CHECKING, ClassVar, Literal

from loguru import logger
from pydantic import Field

from ...faults import fault
from ...http_errors import Told, error_text
from ..about import About
from ..base import EngineError, Resources
from .base import ChatMessage, Delta
from .dialect import Dialect
from .ollama_messages import chat_body, chat_deltas
from .openai_service import ChatCompletionsLLM, OpenAICompatibleConfig

if TYPE_CHECKING:
    import httpx2

FAREWELL_S = 5.0
"""How long a server that hangs keeps us from ending; to load a model takes as long as it takes."""
NAMED = 8
"""How many of the models that it has are told."""


class OllamaConfig(OpenAICompatibleConfig):
    """An Ollama server, and how long it keeps the model in memory."""

    interrupt_method: Literal["system", "user"] = Field(
        "system", description="The role under which the model is told that it was interrupted."
    )
    base_url: str = Field(
        "http://localhost:11434/v1",
        description="The address of the server, with or without the '/v1' of its other API. A user "
        "and a password in it (https://user:password@host/v1) are sent in place of the key.",
    )
    llm_api_key: str = Field("default_api_key", repr=False, description="Ollama takes any text.")
    temperature: float | None = Field(
        None,
        ge=0,
        le=2,
        description="How freely words are chosen: 0 is always the likeliest. Unset, as the model's "
        "own file says.",
    )
    keep_alive: float = Field(
        -1,
        description="Seconds Ollama keeps the model in memory after an answer; -1 is for ever. "
        "The model is loaded with this when the server starts.",
    )
    unload_at_exit: bool = Field(
        True, description="Tell Ollama to free the model's memory when this server ends."
    )
    num_ctx: int | None = Field(
        None,
        ge=256,
        description="Tokens a conversation can have, with the character's prompt; Ollama decides "
        "if it is unset, and leaves out the beginning of what is longer.",
    )
    top_p: float | None = Field(
        None, gt=0, le=1, description="Of the likeliest words, the share that is chosen from."
    )
    think: bool | None = Field(
        None,
        description="Whether a model that can think does so before it answers; unset, it does as "
        "is usual for it.",
    )


class OllamaLLM(ChatCompletionsLLM[OllamaConfig]):
    """Ollama, on this computer or another."""

    name: ClassVar[str] = "ollama_llm"
    about = About("server", "of the model", "MIT, models each their own", tested="with a stand-in")
    Config = OllamaConfig
    path = "/api/chat"
    models_path = "/api/tags"
    picture_mark = b'"images":'

    def __init__(self, config: OllamaConfig) -> None:
        super().__init__(config)
        self._address = re.sub(r"/v1/?$", "", self._address)
        self._offered: Sequence[str] = ()
        self.context_tokens = config.num_ctx

    async def load(self, resources: Resources) -> None:
        """Open the connection and have Ollama load the model. Raises EngineError.

        An Ollama that is not there yet, or lacks the model, is no error but `trouble`.
        """
        await super().load(resources)
        if not self._trouble and self._offered and not self._has_model:
            self._trouble = EngineError(self._not_pulled)
            logger.warning(str(self._trouble))
        if not self._trouble:
            await self._set_keep_alive(self.config.keep_alive)

    async def _farewell(self) -> None:
        """Have Ollama free the model's memory, if so configured."""
        if self.config.unload_at_exit and not self._trouble:
            await self._set_keep_alive(0)

    async def models(self) -> Sequence[str]:
        """Return the names of the models that were pulled. Raises EngineError."""
        self._offered = await super().models()
        return self._offered

    @property
    def _has_model(self) -> bool:
        name = self.config.model
        return name in self._offered or f"{name}:latest" in self._offered

    @property
    def _not_pulled(self) -> str:
        name, more = self.config.model, ", ..." if len(self._offered) > NAMED else ""
        has = f" It has {', '.join(self._offered[:NAMED])}{more}." if self._offered else ""
        return (
            f"Ollama at {self._service.address} has no model {name}: `ollama pull {name}` fetches "
            f"it.{has}"
        )

    def _refusal(self, status: int, said: bytes) -> Told:
        told = super()._refusal(status, said)
        if status == 404 and "not found" in error_text(said):
            return Told(self._not_pulled, fault("model-unknown"))
        return told

    def _body(self, messages: Sequence[ChatMessage], dialect: Dialect) -> bytes:
        config = self.config
        return chat_body(
            messages,
            dialect,
            model=config.model,
            keep_alive=config.keep_alive,
            think=config.think,
            options=self._options(dialect),
        )

    def _options(self, dialect: Dialect) -> dict[str, float]:
        config = self.config
        options = {
            "temperature": config.temperature if dialect.takes_temperature else None,
            "top_p": config.top_p,
            "num_predict": config.max_tokens,
            "num_ctx": config.num_ctx,
        }
        return {key: value for key, value in options.items() if value is not None}

    def _read(self, response: httpx2.Response) -> AsyncGenerator[Delta, None]:
        return chat_deltas(response.aiter_bytes())

    async def _set_keep_alive(self, seconds: float) -> None:
        """Load the model for `seconds` (-1: for ever, 0: unload it): Ollama's `/api/generate`."""
        if self._client is None:
            return
        import openai

        body: dict[str, object] = {"model": self.config.model, "keep_alive": seconds}
        if seconds and self.config.num_ctx:
            # Otherwise it would be loaded once more for the first answer.
            body["options"] = {"num_ctx": self.config.num_ctx}
        try:
            await self._client.post(
                "/api/generate",
                cast_to=object,
                body=body,
                options={} if seconds else {"timeout": FAREWELL_S},
            )
        except openai.APIStatusError as error:
            logger.warning(self._refusal(error.status_code, error.response.content).text)
        except openai.APIConnectionError as error:
            logger.warning(self._service.failed(error).text)
