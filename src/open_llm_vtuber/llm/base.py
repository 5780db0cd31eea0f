"""What an LLM engine must do, and the messages it is given."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ..engine import C, Engine

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True)
class ChatMessage:
    """One message of a prompt. `images` are data URLs and go to models that can see."""

    role: Role
    content: str
    images: tuple[str, ...] = ()


class LLMEngine(Engine[C]):
    """Writes the answer."""

    context_tokens: int | None = None
    """How many tokens of prompt and answer it can take; None where that is the service's affair."""

    @property
    def interrupt_role(self) -> Role:
        """The role under which the model is told that it was interrupted."""
        return "user"

    @abstractmethod
    def stream(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[str, None]:
        """Yield the answer to `messages` in pieces, as they come. Raises EngineError.

        Closing the iterator stops the generation, wherever it is.
        """

    async def prefill(self, messages: Sequence[ChatMessage]) -> None:
        """Read `messages` ahead, so that an answer to them and what follows starts sooner.

        What was read before is not read again. A service that we keep no cache of does nothing.
        """
        return


AnyLLM = LLMEngine[Any]
