"""What an agent must do: one character in one conversation, from what was heard to its answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, TypeVar

from pydantic import Field

from ..cards.lorebook import Lorebook
from ..config import Limits
from ..engines.base import Engine, EngineConfig
from ..engines.llm.base import AnyLLM, ChatMessage, Thought
from ..engines.llm.thoughts import Unsaid
from ..faults import ErrorCode
from ..values import idle
from .cautions import Cautions
from .recollection import Recollection
from .summaries import Summaries
from .tools import ToolPolicy, ToolQuestion, ToolStatus


@dataclass(frozen=True)
class Heard:
    """What the character is to answer."""

    text: str
    images: tuple[str, ...] = ()
    """Pictures that go with it, as data URLs."""
    proactive: bool = False
    """Whether nobody said anything: then `text` is the instruction to speak unasked."""
    viewer: bool = False
    """Whether somebody in the audience of a stream said it; see `Agent.hears_viewers`."""
    unanswered: tuple[str, ...] = ()
    """With an instruction to speak unasked: what was said unasked before, and is not `played`."""


@dataclass(frozen=True)
class Remark:
    """One message of a stored conversation."""

    role: Literal["human", "ai", "system"]
    text: str


@dataclass(frozen=True)
class Notice:
    """What the person is told about the answer, once in a conversation."""

    text: str
    code: ErrorCode = "engine-failed"


Aside = Notice | ToolStatus | ToolQuestion
"""What is told between what is said."""

Piece = str | Thought | Unsaid | Aside
"""A part of an answer. Text is said; Unsaid takes back what was said since the last tool."""


@dataclass(frozen=True)
class Drafted:
    """An answer that was begun on a guess."""

    pieces: AsyncGenerator[Piece, None]
    """Closing it stops everything that was begun for it."""
    take: Callable[[], None]
    """The guess was right: from here on it is the answer to what was heard."""


class Agent(ABC):
    """Belongs to one client; its calls follow one another.

    It learns what became of its answers: of one that was interrupted, what had been heard.
    """

    hears_viewers: ClassVar[bool] = False
    """Whether what viewers say, and what it answered them, reaches no tool: neither in that turn
    nor in any later one that has tools. Where it cannot promise that, it is told nothing of them.
    """

    @abstractmethod
    async def prepare(self) -> None:
        """Get ready to answer, as far as that can be done before there is a question.

        What was done before is not done again. Raises EngineError.
        """

    @abstractmethod
    def reply(self, heard: Heard) -> AsyncGenerator[Piece, None]:
        """Yield the answer in pieces, as they come. Raises EngineError.

        Closing the iterator stops everything that was begun for it.
        """

    async def listen(self, words: str) -> None:
        """A person is saying something that begins with `words`: get ready to answer it.

        Nothing is remembered of that. Raises EngineError.
        """
        return

    def draft(self, heard: Heard) -> Drafted | None:
        """Begin an answer on the guess that this will be heard; None where it cannot.

        Until it is taken, nothing is remembered of it and no tool runs.
        """
        return None

    def rest(self) -> Callable[[], Awaitable[None]] | None:
        """Return what may be done while nobody says anything; None if nothing is to be done.

        Cancelling it stops what would hold up an answer.
        """
        return None

    @abstractmethod
    async def played(self, text: str, *, interrupted: bool) -> None:
        """Take note of what was heard of the last answer: all of it, or the part before a barge-in.

        An answer to nobody counts only once it is answered: until then this is not called. Raises
        EngineError.
        """

    @abstractmethod
    async def recall(self, remarks: Sequence[Remark]) -> None:
        """Go on with another conversation, in which this was said so far. Raises EngineError."""

    async def close(self) -> None:
        """End what was opened for this conversation; nothing is asked of it any more."""
        return


@dataclass(frozen=True)
class Examples:
    """Turns that show how a character talks; they were never said."""

    turns: tuple[ChatMessage, ...] = ()
    note: str = ""
    """What the model is told of them where the conversation begins."""


@dataclass(frozen=True)
class AgentContext:
    """What the agent of one client is given."""

    system_prompt: str
    """The persona, and what else the character is told."""
    llm: Callable[[], Awaitable[AnyLLM]]
    """Waits for the language model that it `uses`. Raises EngineError."""
    tools: ToolPolicy | None
    """The tools that its section lets it use."""
    limits: Limits
    recollection: Recollection | None = None
    """What it may know of earlier conversations."""
    examples: Examples = Examples()
    cautions: Cautions = field(default_factory=Cautions)
    lore: Lorebook | None = None
    """What is told where it is spoken of."""
    summaries: Summaries | None = None
    """Where it may keep what it sums up of this conversation."""


class AgentConfig(EngineConfig):
    """The keys that the section of every agent has."""

    faster_first_response: bool = Field(
        default=True, description="Speak the first clause before the first sentence is whole."
    )
    segment_method: Literal["regex", "pysbd"] = idle(
        "sentences are cut by rules of our own", default="pysbd"
    )


AgentConfigT = TypeVar("AgentConfigT", bound=AgentConfig)


class AgentEngine(Engine[AgentConfigT]):
    """One way to answer and to remember, shared by all connections; each gets an agent of its own.

    The language model that it `uses` by a key of its section is there for it as `context.llm`, and
    tools if its config extends `LLMAgentConfig`.
    """

    remembers_itself: ClassVar[bool] = False
    """Whether a service keeps what was said, whatever `Agent.recall` is told: then nothing of a
    conversation can be changed."""

    @abstractmethod
    def open(self, context: AgentContext) -> Agent:
        """Return the agent of one more connection. Called when this is loaded."""


AnyAgent = AgentEngine[Any]
