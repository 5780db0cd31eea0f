"""What an LLM engine must do, and the messages it is given."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Literal

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

    @property
    def interrupt_role(self) -> Role:
        """The role under which the model is told that it was interrupted."""
        return "user"

    @abstractmethod
    def stream(self, messages: Sequence[ChatMessage]) -> AsyncIterator[str]:
        """Yield the answer to `messages` in pieces, as they come. Raises EngineError.

        Closing the iterator stops the generation, wherever it is.
        """

    async def prefill(self, messages: Sequence[ChatMessage]) -> None:
        """Read `messages` ahead, so that an answer to them and what follows starts sooner.

        A runtime that keeps no prompt cache of ours does nothing.
        """
        return None
