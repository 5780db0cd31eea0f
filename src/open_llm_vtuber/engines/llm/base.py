"""What an LLM engine must do, and the messages it is given."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias

from ...faults import ErrorCode, fault
from ..base import C, Engine, EngineError
from ..trial import Stopwatch, Trial

SUMMARISES_FROM = 3.5
"""Billions of parameters from which a model sums up a conversation as it was."""
_BILLIONS = re.compile(r"(\d+(?:\.\d+)?)b(?![a-z0-9])", re.IGNORECASE)

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
class Thought:
    """A part of what the model thinks before it answers: not what it says."""

    text: str
    """May be empty: then it only tells that the model is at work."""
    written: bool = False
    """Whether it stood in the text of the answer, between marks such as `<think>`."""


@dataclass(frozen=True)
class ProviderBlocks:
    """What a service wants to see again with this answer when it is told the results of its calls.

    It is nobody else's business: signed thoughts, for one.
    """

    json: str


Delta: TypeAlias = "str | Thought | ToolCall | ProviderBlocks"
"""A piece of an answer."""


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
    blocks: str = ""
    """With `tool_calls`: the ProviderBlocks that came with them, handed back unchanged."""
    tool_call_id: str = ""
    """With a tool message: the call of which `content` is the result."""


class ToolsRefusedError(EngineError):
    """The service or the model has no tools of the API; they can be described in words."""


class PromptRefusedError(EngineError):
    """The prompt was not taken, for a reason that asking otherwise may mend; nothing was said."""


class ContextFullError(PromptRefusedError):
    """The prompt is longer than what the model can read."""

    code: ClassVar[ErrorCode] = "prompt-too-long"


class PicturesRefusedError(PromptRefusedError):
    """The pictures in the prompt were not taken."""


def size_bytes(messages: Sequence[ChatMessage]) -> int:
    """Return the size of a prompt: its texts and tools in UTF-8; pictures are not counted."""
    texts = [message.content for message in messages]
    texts += [call.arguments for message in messages for call in message.tool_calls]
    texts += [message.blocks for message in messages]
    for tool in (tool for message in messages for tool in message.tools):
        texts += (tool.name, tool.description, tool.parameters)
    return sum(len(text.encode()) for text in texts)


def billions(name: str) -> float:
    """Return how many billions of parameters a model has by its name, `qwen3-4b`; 0 if unknown."""
    found = _BILLIONS.search(name)
    return float(found[1]) if found else 0.0


class LLMEngine(Engine[C]):
    """Writes the answer.

    What is learned of the model from its answers is kept here, for all conversations: `sees`,
    `prompt_bytes` and `thinks_first`.
    """

    context_tokens: int | None = None
    """How many tokens of prompt and answer it can take; None where that is the service's affair."""
    sees: bool | None = None
    """Whether it can be shown pictures; None as long as that is not known."""
    prompt_bytes: int | None = None
    """How long a prompt it takes, by `size_bytes`; None as long as it has refused none."""
    thinks_first: bool = False
    """Whether its answers begin inside of a thought, of which only the end is marked."""

    @property
    def model_name(self) -> str:
        """What the model is called; "" where that is not known."""
        return ""

    @property
    def listed_name(self) -> str:
        """What lists of models call it, where its settings leave open which it is; else ""."""
        return ""

    @property
    def summarises(self) -> bool:
        """Whether it may be asked, beside a conversation, to sum up what was said in it.

        A service on another computer may, and so may a model on this one that can do that: as far
        as its name tells how large it is.
        """
        return not self.speculates or billions(self.model_name) >= SUMMARISES_FROM

    @property
    def interrupt_role(self) -> Role:
        """The role under which the model is told that it was interrupted."""
        return "user"

    @property
    def takes_tools(self) -> bool:
        """Whether messages may carry tools and calls; otherwise they are put into words."""
        return False

    @abstractmethod
    def stream(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[Delta, None]:
        """Yield the answer to `messages` in pieces, as they come. Raises EngineError.

        What a service tells apart as thoughts is a Thought. The calls of tools come last, if
        `takes_tools` and `messages` offer some, and before them the ProviderBlocks that belong to
        them. Raises PromptRefusedError, before anything else,
        where another prompt may be taken. Closing the iterator stops the generation, wherever
        it is.
        """

    async def models(self) -> Sequence[str]:
        """Return the names of the models that the service offers; none where it lists none.

        Nothing of it is billed. Raises EngineError.
        """
        return ()

    async def prefill(self, messages: Sequence[ChatMessage]) -> None:
        """Read `messages` ahead, so that an answer to them and what follows starts sooner.

        What was read before is not read again. A service that we keep no cache of does nothing.
        """
        return

    reads_ahead: bool = False
    """Whether it has any use for `read_ahead`."""

    async def read_ahead(self, messages: Sequence[ChatMessage]) -> None:
        """Read messages of which the last one is still being said: a prompt will begin like that.

        What was read before is not read again. Raises EngineError.
        """
        return

    async def trial(self, trial: Trial) -> str:
        """Answer a question."""
        messages = [
            ChatMessage("system", "Answer in one short sentence."),
            ChatMessage("user", "How are you?"),
        ]
        took, first_ms, pieces = Stopwatch(), 0.0, 0
        async for _ in self.stream(messages):
            first_ms = first_ms or took.ms
            pieces += 1
        if not pieces:
            raise EngineError("It gave no answer.", fault("no-answer"))
        rest_s = max((took.ms - first_ms) / 1000, 1e-3)
        return f"first word after {first_ms:.0f} ms, then {pieces / rest_s:.0f} pieces a second"


AnyLLM = LLMEngine[Any]
