"""What an LLM engine must do, and the messages it is given."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ..engine import C, Engine, EngineError

Role = Literal["system", "user", "assistant", "tool"]


@dataclass(frozen=True)
class Tool:
    """Something that the model may ask to be done."""

    name: str
    """At most 64 of A-Z, a-z, 0-9, _ and -."""
    description: str
    parameters: str
    """The JSON Schema of the arguments, as JSON."""


@dataclass(frozen=True)
class ToolCall:
    """The model asks for a tool."""

    id: str
    """Tells the calls of one answer apart; their results name it."""
    name: str
    arguments: str
    """As the model wrote them: a JSON object, if it did well."""
    extra: str = ""
    """JSON that a service attached to the call and wants to see again (`extra_content`)."""


@dataclass(frozen=True)
class ChatMessage:
    """One message of a prompt. `images` are data URLs and go to models that can see."""

    role: Role
    content: str
    images: tuple[str, ...] = ()
    tools: tuple[Tool, ...] = ()
    """With a system message: what the model may ask for in this conversation."""
    tool_calls: tuple[ToolCall, ...] = ()
    """With an assistant message: what it asked for after `content`."""
    tool_call_id: str = ""
    """With a tool message: the call of which `content` is the result."""


class ToolsRefusedError(EngineError):
    """The service or the model has no tools of the API; they can be described in words."""


class LLMEngine(Engine[C]):
    """Writes the answer."""

    context_tokens: int | None = None
    """How many tokens of prompt and answer it can take; None where that is the service's affair."""

    @property
    def interrupt_role(self) -> Role:
        """The role under which the model is told that it was interrupted."""
        return "user"

    @property
    def takes_tools(self) -> bool:
        """Whether messages may carry tools and calls; otherwise they are put into words."""
        return False

    @abstractmethod
    def stream(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[str | ToolCall, None]:
        """Yield the answer to `messages` in pieces, as they come. Raises EngineError.

        The calls of tools come last, if `takes_tools` and `messages` offer some. Closing the
        iterator stops the generation, wherever it is.
        """

    async def prefill(self, messages: Sequence[ChatMessage]) -> None:
        """Read `messages` ahead, so that an answer to them and what follows starts sooner.

        What was read before is not read again. A service that we keep no cache of does nothing.
        """
        return


AnyLLM = LLMEngine[Any]
