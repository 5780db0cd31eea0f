"""Ollama, whose models are loaded before they are asked and unloaded at the end."""

from __future__ import annotations

from typing import ClassVar, Literal
from urllib.parse import urljoin

from loguru import logger
from pydantic import Field

from ...http_errors import error_text
from ..base import Resources
from .openai_service import ChatCompletionsLLM, OpenAICompatibleConfig

FAREWELL_S = 5.0
"""How long a server that hangs keeps us from ending; to load a model takes as long as it takes."""


class OllamaConfig(OpenAICompatibleConfig):
    """An Ollama server, and how long it keeps the model in memory."""

    interrupt_method: Literal["system", "user"] = Field(
        "system", description="The role under which the model is told that it was interrupted."
    )
    llm_api_key: str = Field("default_api_key", repr=False, description="Ollama takes any text.")
    keep_alive: float = Field(
        -1,
        description="Seconds Ollama keeps the model in memory after an answer; -1 is for ever. "
        "The model is loaded with this when the server starts.",
    )
    unload_at_exit: bool = Field(
        True, description="Tell Ollama to free the model's memory when this server ends."
    )


class OllamaLLM(ChatCompletionsLLM[OllamaConfig]):
    """Ollama, on this computer or another."""

    name: ClassVar[str] = "ollama_llm"
    Config = OllamaConfig

    async def load(self, resources: Resources) -> None:
        """Open the connection and have Ollama load the model. Raises EngineError.

        An Ollama that is not there yet is no error: it may be started before the first turn.
        """
        await super().load(resources)
        await self._set_keep_alive(self.config.keep_alive)

    async def close(self) -> None:
        """Have Ollama free the model's memory, if so configured, and close the connections."""
        if self.config.unload_at_exit:
            await self._set_keep_alive(0)
        await super().close()

    async def _set_keep_alive(self, seconds: float) -> None:
        """Load the model for `seconds` (-1: for ever, 0: unload it): Ollama's `/api/generate`."""
        if self._client is None:
            return
        import openai

        try:
            await self._client.post(
                urljoin(self._address, "/api/generate"),
                cast_to=object,
                body={"model": self.config.model, "keep_alive": seconds},
                options={} if seconds else {"timeout": FAREWELL_S},
            )
        except openai.APIStatusError as error:
            said = error_text(error.response.content)
            logger.warning(self._service.refused(error.status_code, said).text)
        except openai.APIConnectionError as error:
            logger.warning(self._service.failed(error).text)
